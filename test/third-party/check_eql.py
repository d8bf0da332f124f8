"""
Reads {"fields": {name: type}, "queries": {id: EQL}, "events": {id: {case: [document]}}}, the documents in the
order of their time. Writes {id: {"fault": None or what Elastic's parser says of the query, "found": {case: number of matches}}}.

The parser imports every module whose name begins with eql_, so no program beside this one may be called so.
"""

import json
import sys
from datetime import datetime

import eql
from eql.engine import PythonEngine

# Of the types of Elasticsearch those that EQL's own parser tells apart.
TYPES = {"long": "number", "float": "number", "boolean": "boolean"}
TICKS = 10_000_000


def nested(fields):
    """The dotted names as the objects that a schema wants, which takes plain names only."""
    root = {}
    for name, kind in fields.items():
        *parents, leaf = name.split(".")
        if not all(part.isidentifier() for part in (*parents, leaf)):
            continue
        node = root
        for parent in parents:
            node = node.setdefault(parent, {})
        node[leaf] = TYPES.get(kind, "string")
    return root


def parsed(query, fields):
    with eql.parser.elasticsearch_syntax, eql.parser.allow_runs, eql.Schema({"network": nested(fields)}):
        return eql.parse_query(query)


def event(document):
    seconds = datetime.fromisoformat(document["@timestamp"].replace("Z", "+00:00")).timestamp()
    return eql.Event("network", int(seconds * TICKS), document)


def matches(query, documents):
    engine, found = PythonEngine(), []
    engine.add_query(query)
    engine.add_output_hook(found.append)
    engine.stream_events([event(document) for document in documents])
    engine.finalize()
    return len(found)


def checked(query, fields, cases):
    try:
        tree = parsed(query, fields)
    except eql.EqlError as error:
        return {"fault": str(error), "found": {}}
    return {"fault": None, "found": {case: matches(tree, documents) for case, documents in cases.items()}}


asked = json.load(sys.stdin)
events = asked["events"]
fields, queries = asked["fields"], asked["queries"]
json.dump({id: checked(query, fields, events.get(id, {})) for id, query in queries.items()}, sys.stdout)
