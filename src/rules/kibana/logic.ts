import { toKuery } from '../../query/where.js';
import { sequenceEql } from '../eql.js';
import { silenceEsql } from '../esql.js';
import type { Expression } from '../expression.js';
import { streamPattern } from '../../install/lifecycle.js';
import type { DistinctDetect, IndicatorDetect, NewValueDetect, Rule, ThresholdDetect } from '../spec.js';

interface Source<Language> {
  readonly language: Language;
  readonly query: string;
}
interface Indexed<Language> extends Source<Language> {
  readonly index: readonly string[];
}

/** What differs by the type of a Kibana rule. */
export type KibanaLogic =
  | ({ readonly type: 'query' } & Indexed<'kuery'>)
  | ({ readonly type: 'threshold'; readonly threshold: Threshold } & Indexed<'kuery'>)
  | ({ readonly type: 'eql'; readonly timestamp_field: '@timestamp' } & Indexed<'eql'>)
  | ({
      readonly type: 'new_terms';
      readonly new_terms_fields: readonly string[];
      readonly history_window_start: string;
    } & Indexed<'kuery'>)
  | ({ readonly type: 'threat_match' } & ThreatMatch & Indexed<'kuery'>)
  | ({ readonly type: 'esql' } & Source<'esql'>);

interface Threshold {
  readonly field: readonly string[];
  readonly value: number;
  readonly cardinality?: readonly { readonly field: string; readonly value: number }[];
}

interface ThreatMatch {
  readonly threat_index: readonly string[];
  readonly threat_query: string;
  readonly threat_language: 'kuery';
  readonly threat_mapping: readonly {
    readonly entries: readonly { readonly field: string; readonly type: 'mapping'; readonly value: string }[];
  }[];
  readonly threat_indicator_path: string;
}

const MAX_THRESHOLD_FIELDS = 5;
const MAX_NEW_TERMS_FIELDS = 3;

/** The Kibana rule type and query that come nearest to what the rule detects. */
export function logicOf(rule: Rule): Expression<KibanaLogic> {
  const { detect } = rule;
  switch (detect.kind) {
    case 'each':
      return {
        body: { type: 'query', ...kuery(rule) },
        how: 'Custom query rule; an alert for each event, not for each group, unless alert suppression by the group is set.',
      };
    case 'threshold':
    case 'distinct':
      return threshold(rule, detect);
    case 'sequence':
      return {
        body: {
          type: 'eql',
          language: 'eql',
          index: [streamPattern],
          query: sequenceEql(rule, detect),
          timestamp_field: '@timestamp',
        },
        how: 'EQL sequence.',
      };
    case 'new_value':
      return newTerms(rule, detect);
    case 'indicator':
      return threatMatch(rule, detect);
    case 'silence':
      return {
        body: { type: 'esql', language: 'esql', query: silenceEsql(rule, detect, streamPattern) },
        how: 'ES|QL rule; alerts again at each run for as long as the silence lasts.',
      };
  }
}

function kuery(rule: Rule): Indexed<'kuery'> {
  return { language: 'kuery', index: [streamPattern], query: toKuery(rule.where) || '*:*' };
}

function threshold(rule: Rule, detect: ThresholdDetect | DistinctDetect): Expression<KibanaLogic> {
  const { groupBy, atLeast } = detect;
  if (groupBy.length > MAX_THRESHOLD_FIELDS) {
    return { whyNot: `a threshold rule groups by ${MAX_THRESHOLD_FIELDS} fields at most.` };
  }
  const counted =
    detect.kind === 'distinct'
      ? { value: 1, cardinality: [{ field: detect.field, value: atLeast }] }
      : { value: atLeast };
  return {
    body: { type: 'threshold', ...kuery(rule), threshold: { field: groupBy, ...counted } },
    how: detect.kind === 'distinct' ? `Threshold rule on the number of distinct ${detect.field}.` : 'Threshold rule.',
  };
}

function newTerms(rule: Rule, { groupBy, field, history, newGroups }: NewValueDetect): Expression<KibanaLogic> {
  const fields = [...groupBy, field];
  if (fields.length > MAX_NEW_TERMS_FIELDS) {
    return { whyNot: `a new terms rule combines ${MAX_NEW_TERMS_FIELDS} fields at most.` };
  }
  return {
    body: { type: 'new_terms', ...kuery(rule), new_terms_fields: fields, history_window_start: `now-${history}` },
    how: `New terms rule on ${fields.join(', ')}${newGroups ? '' : '; a group without any history raises alerts, too'}; on the first day everything is new.`,
  };
}

/** Feeds of Elastic's integrations are also copied to an index of those still valid: the copy counts, and not its source. */
function threatMatch(rule: Rule, detect: IndicatorDetect): Expression<KibanaLogic> {
  const { field, indicators, indicatorField, indicatorAge } = detect;
  const young = `@timestamp >= "now-${indicatorAge}"`;
  return {
    body: {
      type: 'threat_match',
      ...kuery(rule),
      threat_index: indicators,
      threat_query: `${young} and ${indicatorField}: * and not labels.is_ioc_transform_source: "true"`,
      threat_language: 'kuery',
      threat_mapping: [{ entries: [{ field, type: 'mapping', value: indicatorField }] }],
      threat_indicator_path: 'threat.indicator',
    },
    how: 'Indicator match rule.',
  };
}
