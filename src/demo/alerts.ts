import type { Finding } from '../rules/finding.js';
import type { Fired } from '../rules/run.js';

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
  return [head, ...fired.flatMap(ruleLines), ''].join('\n');
}

function ruleLines({ rule, findings }: Fired): string[] {
  const more = findings.length - FINDINGS_SHOWN;
  return [
    `  ${rule.severity.padEnd(8)}  ${rule.title}`,
    ...findings
      .slice(0, FINDINGS_SHOWN)
      .flatMap((finding) => findingLines(finding).map((line) => `            ${line}`)),
    ...(more > 0 ? [`            and ${more} more`] : []),
  ];
}

function findingLines({ group, from, to, events, found, example }: Finding): string[] {
  const who = Object.entries(group)
    .filter(([field]) => field !== NOT_TOLD)
    .map(([field, value]) => `${field} ${value}`)
    .join(', ');
  const what = found === events ? '' : `, found ${found}`;
  const line = `${timeOf(from)}–${timeOf(to)}  ${who === '' ? 'all' : who}: ${events} events${what}`;
  return example === undefined ? [line] : [line, `  for example: ${example}`];
}

/** Hours and minutes, UTC. */
function timeOf(time: string): string {
  return time.slice(11, 16);
}
