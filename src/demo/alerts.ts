import { oneLine } from '../printable.js';
import type { Finding } from '../rules/finding.js';
import type { Fired } from '../rules/run.js';
import type { Rule } from '../rules/spec.js';

const FINDINGS_SHOWN = 2;
/** Of the same organisation in the whole demo, so it tells nothing. */
const NOT_TOLD = 'organization.id';

/** The rules that fired, with their evidence, as text for a terminal; highest risk first. */
export function printAlerts(fired: readonly Fired[], rules: number): string {
  const count = fired.reduce((sum, { findings }) => sum + findings.length, 0);
  const head =
    fired.length === 0
      ? `None of the ${rules} alert rules fires on these events`
      : `${fired.length} of the ${rules} alert rules fire on these events, ${count} alerts in all`;
  return [head, ...fired.flatMap(ruleLines), ''].map(oneLine).join('\n');
}

function ruleLines({ rule, findings }: Fired): string[] {
  const more = findings.length - FINDINGS_SHOWN;
  const lines = findings.slice(0, FINDINGS_SHOWN).flatMap((finding) => findingLines(rule, finding));
  return [
    `  ${rule.severity.padEnd(8)}  ${rule.title}`,
    ...[...lines, ...(more > 0 ? [`and ${more} more`] : [])].map((line) => `            ${line}`),
  ];
}

function findingLines(rule: Rule, finding: Finding): string[] {
  const { from, to, example } = finding;
  const time = timeOf(from) === timeOf(to) ? timeOf(from) : `${timeOf(from)}–${timeOf(to)}`;
  const line = `${time}  ${[...whoOf(finding), whatOf(rule, finding)].join(', ')}`;
  return example === undefined ? [line] : [line, `  for example: ${example}`];
}

/** An id that is the name too is told once. */
function whoOf({ group }: Finding): string[] {
  const told = Object.entries(group).filter(([field]) => field !== NOT_TOLD);
  return told
    .filter(([, value], i) => told.findIndex(([, other]) => other === value) === i)
    .map(([field, value]) => `${field} ${value}`);
}

function whatOf({ detect, window }: Rule, { events, found }: Finding): string {
  const count = `${events} ${events === 1 ? 'event' : 'events'}`;
  switch (detect.kind) {
    case 'distinct':
      return `${found} distinct ${detect.field} within ${window} (${count})`;
    case 'threshold':
      return `${found} events within ${window} (${count})`;
    case 'new_value':
      return `new ${detect.field} ${found} (${count})`;
    case 'indicator':
      return `${detect.indicatorField} ${found} (${count})`;
    case 'each':
    case 'sequence':
    case 'silence':
      return count;
  }
}

/** Hours and minutes, UTC. */
function timeOf(time: string): string {
  return time.slice(11, 16);
}
