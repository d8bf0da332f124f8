import type { GeneratedFile } from '../install/generate.js';
import { saidOf } from './expression.js';
import { kibanaNdjson, kibanaRule } from './kibana.js';
import { loadRules } from './load.js';
import { openSearchMonitor, openSearchMonitors } from './monitors.js';
import { sigmaRule } from './sigma.js';
import type { Rule } from './spec.js';

/** How each target runs a rule, or why it cannot: a sentence each. */
export interface Expressed {
  readonly kibana: string;
  readonly opensearch: string;
  readonly sigma: string;
}

export function expressed(rule: Rule): Expressed {
  return {
    kibana: saidOf(kibanaRule(rule)),
    opensearch: saidOf(openSearchMonitor(rule)),
    sigma: saidOf(sigmaRule(rule)),
  };
}

/** The rules as files of every target, under `rules/generated/`. */
export function generateRules(rules: readonly Rule[] = loadRules()): readonly GeneratedFile[] {
  const folder = 'rules/generated';
  const monitors = openSearchMonitors(rules).flatMap(({ id, monitor }) =>
    'body' in monitor ? [{ path: `${folder}/opensearch/${id}.json`, content: JSON.stringify(monitor.body) }] : [],
  );
  const sigma = rules.flatMap((rule) => {
    const made = sigmaRule(rule);
    return 'body' in made ? [{ path: `${folder}/sigma/${rule.id}.yml`, content: made.body }] : [];
  });
  return [{ path: `${folder}/kibana.ndjson`, content: kibanaNdjson(rules) }, ...monitors, ...sigma];
}
