"""Reads {"fields": {name: type}, "queries": {id: ES|QL}}, writes {id: None or what Elastic's parser says of it}; the KQL
inside is read by Kibana's grammar."""

import json
import sys

import esql
from kibana_ql import KqlParser


def fault(query, fields):
    try:
        with esql.Schema(fields), esql.ParserConfig(kql_parse=KqlParser().parse):
            tree = esql.parse_query(query)
            esql.validate_nested_queries(tree)
            esql.validate_detection_rule_query(tree)
    except esql.EsqlError as error:
        return str(error)


asked = json.load(sys.stdin)
json.dump({id: fault(query, asked["fields"]) for id, query in asked["queries"].items()}, sys.stdout)
