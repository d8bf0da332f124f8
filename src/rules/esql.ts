import { toKuery, type Where } from '../query/where.js';
import type { Rule, SilenceDetect } from './spec.js';

/**
 * Groups whose last event is older than the window: `FROM … | WHERE … | STATS … BY … | WHERE … | KEEP …`. The conditions are said in
 * KQL, as ES|QL's own comparisons hold for no value of a field that has several.
 */
export function silenceEsql(rule: Rule, detect: SilenceDetect, index: string): string {
  const conditions = [
    `event.ingested >= NOW() - ${spokenDuration(detect.history)} - ${spokenDuration(rule.window)}`,
    ...kql(rule.where),
  ];
  return [
    `FROM ${index}`,
    `| WHERE ${conditions.join(' AND ')}`,
    `| STATS last_ingested = MAX(event.ingested) BY ${detect.groupBy.join(', ')}`,
    `| WHERE last_ingested < NOW() - ${spokenDuration(rule.window)}`,
    `| KEEP ${['last_ingested', ...detect.groupBy].join(', ')}`,
  ].join('\n');
}

function kql(where: Where): string[] {
  const text = toKuery(where);
  return text === '' ? [] : [`KQL(${JSON.stringify(text)})`];
}

const UNITS = { s: 'seconds', m: 'minutes', h: 'hours', d: 'days' } as const;

/** `7d` as `7 days`. */
export function spokenDuration(duration: string): string {
  return `${duration.slice(0, -1)} ${UNITS[duration.at(-1) as keyof typeof UNITS]}`;
}
