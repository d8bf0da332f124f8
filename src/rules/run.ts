import type { Client } from '@elastic/elasticsearch';
import { streamPattern } from '../install/lifecycle.js';
import type { Where } from '../query/where.js';
import type { Finding, RuleRun } from './finding.js';
import { withExamples } from './run-examples.js';
import { findIndicators } from './run-indicators.js';
import { findNewValues } from './run-new-value.js';
import { findSequences } from './run-sequences.js';
import { findSilences } from './run-silence.js';
import { watchOf, type Watch } from './run-watch.js';
import { findCounts, findDistinct } from './run-windows.js';
import type { Rule } from './spec.js';

export interface RunOptions {
  /** Names of the data streams to look into; those of all namespaces when left out. */
  readonly pattern?: string;
  /** Narrows what the rule looks at. */
  readonly where?: Where;
  /** Whoever asks has gone: no more searches. */
  readonly signal?: AbortSignal;
}

/** A rule that found something. */
export interface Fired {
  readonly rule: Rule;
  /** At least one, in order of time. */
  readonly findings: readonly Finding[];
}

/**
 * Asks the engine what a rule finds, with aggregations that every engine has. What a target makes of the same rule may differ in what
 * its pages say; this is what the rule means.
 *
 * Events that lack one of the rule's `groupBy` fields are not looked at.
 * @returns one finding per group and continuous stretch of time, in order of time
 * @throws ConnectorError CCX_RULE_TOO_BROAD when more values would be kept or read than are bounded; CCX_OUTPUT_… when the cluster does not answer, or refuses; the signal's reason
 */
export async function runRule(
  client: Client,
  rule: Rule,
  run: RuleRun,
  { pattern = streamPattern, where = {}, signal }: RunOptions = {},
): Promise<readonly Finding[]> {
  const watch = watchOf({ client, pattern, signal }, rule, run, where);
  const findings = await find(watch, rule);
  findings.sort((a, b) => (a.from < b.from ? -1 : 1));
  return withExamples(watch, rule, findings);
}

function find(watch: Watch, rule: Rule): Promise<Finding[]> {
  const { detect } = rule;
  switch (detect.kind) {
    case 'each':
    case 'threshold':
      return findCounts(watch, rule, detect);
    case 'distinct':
      return findDistinct(watch, rule, detect);
    case 'sequence':
      return findSequences(watch, rule, detect);
    case 'new_value':
      return findNewValues(watch, rule, detect);
    case 'indicator':
      return findIndicators(watch, rule, detect);
    case 'silence':
      return findSilences(watch, rule, detect);
  }
}

/** Runs rules one after the other. @returns those that found something, highest risk first */
export async function runRules(
  client: Client,
  rules: readonly Rule[],
  run: RuleRun,
  options: RunOptions = {},
): Promise<readonly Fired[]> {
  const fired: Fired[] = [];
  for (const rule of rules) {
    const findings = await runRule(client, rule, run, options);
    if (findings.length > 0) fired.push({ rule, findings });
  }
  return fired.sort((a, b) => b.rule.riskScore - a.rule.riskScore);
}
