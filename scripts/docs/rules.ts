import { existsSync } from 'node:fs';
import { packageJson, packagePath } from '../../src/package-root.js';
import { toKuery } from '../../src/query/where.js';
import { techniqueOf } from '../../src/rules/attack.js';
import { loadRules } from '../../src/rules/load.js';
import type { Detect, EvidenceCase, Rule } from '../../src/rules/spec.js';
import { expressed } from '../../src/rules/targets.js';
import { pictureOf, table } from './markdown.js';

/** `docs/rules.md`: every alert rule, what proves it, and what each target makes of it. */
export function rulesPage(): { path: string; content: string }[] {
  const rules = loadRules();
  const figures = falsePositives();
  const content = [
    head,
    pictureOf('rules', 'Alert rules and their findings'),
    '## The rules\n',
    table(
      ['rule', 'severity', 'ATT&CK', 'alerts on an ordinary day'],
      rules.map((rule) => overviewRow(rule, figures)),
    ),
    `\n${figureText(figures)}\n`,
    ...rules.map(ruleSection),
  ].join('\n');
  return [{ path: 'docs/rules.md', content }];
}

/** What `rules/false-positives.json` has. */
interface Figures {
  readonly events: number;
  readonly days: number;
  /** Of fewer events before, so that what is new can be told. */
  readonly history_days: number;
  readonly findings: Readonly<Record<string, number>>;
}

const FIGURES = 'rules/false-positives.json';

function falsePositives(): Figures | undefined {
  return existsSync(packagePath(FIGURES)) ? (packageJson(FIGURES) as Figures) : undefined;
}

function overviewRow({ id, title, severity, riskScore, attack }: Rule, figures: Figures | undefined): string[] {
  const anchor = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
  const alerts = figures?.findings[id];
  return [
    `[${title}](#${anchor})`,
    `${severity} (${riskScore})`,
    attack.join(', '),
    alerts === undefined || figures === undefined ? 'not measured' : perDay(alerts, figures.days),
  ];
}

function perDay(alerts: number, days: number): string {
  return alerts === 0 ? '0' : String(Math.round((alerts / days) * 100) / 100);
}

function figureText(figures: Figures | undefined): string {
  if (figures === undefined) return '';
  return `The last column is measured: ${figures.events.toLocaleString('en')} made-up events of one ordinary day after ${figures.history_days} days of history, on a real engine. Of blocked threats and domains, and of a paused stream, that day has some: those alerts are right. It has no places and no networks of addresses, so the figures of the rules on countries and public networks say nothing.`;
}

function ruleSection(rule: Rule): string {
  const { id, title, description, why, triage, falsePositives: harmless, where, evidence, window, every } = rule;
  const { kibana, opensearch, sigma } = expressed(rule);
  return [
    `## ${title}\n`,
    `\`${id}\`, version ${rule.version}, severity ${rule.severity}, risk score ${rule.riskScore}. ${attackLinks(rule)}\n`,
    `${description}\n`,
    `**Why it matters.** ${why.trim()}\n`,
    `**Triage**\n\n${triage.trim()}\n`,
    `**May be harmless**\n\n${list(harmless)}\n`,
    `**Logic.** Events with \`${toKuery(where)}\`. ${detectText(rule.detect)} Runs every ${every} over what arrived in the last ${window}.\n`,
    `**Evidence.** Fires on: ${cases(evidence.fires)}. Silent on: ${cases(evidence.silent)}.\n`,
    list([`Kibana: ${kibana}`, `OpenSearch Alerting: ${opensearch}`, `Sigma: ${sigma}`]),
    '',
  ].join('\n');
}

function attackLinks({ attack }: Rule): string {
  const links = attack.map((id) => {
    const { name, url } = techniqueOf(id);
    return `[${id} ${name}](${url})`;
  });
  return links.length === 0 ? 'No ATT&CK technique.' : `ATT&CK: ${links.join(', ')}.`;
}

function detectText(detect: Detect): string {
  const group = detect.groupBy.map((field) => `\`${field}\``).join(', ');
  switch (detect.kind) {
    case 'each':
      return `Any is a finding, once for ${group}.`;
    case 'threshold':
      return `At least ${detect.atLeast} of the same ${group}.`;
    case 'distinct':
      return `At least ${detect.atLeast} distinct \`${detect.field}\` of the same ${group}.`;
    case 'sequence':
      return `At least ${detect.atLeast} with \`${toKuery(detect.first)}\`, later one with \`${toKuery(detect.then)}\`, of the same ${group}.`;
    case 'new_value':
      return `A \`${detect.field}\` that ${group} did not have in the ${detect.history} before${
        detect.newGroups ? '' : '; those without any value then do not count'
      }.`;
    case 'indicator':
      return `\`${detect.field}\` is a \`${detect.indicatorField}\` of ${detect.indicators.map((index) => `\`${index}\``).join(', ')} not older than ${detect.indicatorAge}; by ${group}.`;
    case 'silence':
      return `None of the same ${group} in the window, though there were some in the ${detect.history} before.`;
  }
}

function cases(all: readonly EvidenceCase[]): string {
  return all.map(({ title }) => title).join('; ');
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line.trim()}`).join('\n');
}

const head = `# Alert rules

Generated from \`rules/\` by \`npm run generate\`.

One file a rule, with the events that must fire it and near misses that must not; the tests ship both to every engine. All rules look back on
\`event.ingested\`, since events may come up to 24 hours late, and group by \`organization.id\`. They are installed **disabled**
(\`cloudconnexa-ecs setup --only rules\`): read a rule, look in \`preview\` at what it would have found in your data, then enable it.
\`setup\` never touches your exceptions, schedule, actions, nor whether a rule is enabled; \`export rules\` writes the files to import by other means.

- **Kibana** (Elasticsearch): rules of the Detection Engine, \`rules/generated/kibana.ndjson\`.
- **OpenSearch Alerting**: monitors, \`rules/generated/opensearch/\`. Add your own notification to their triggers.
- **Any other SIEM**: Sigma rules with ECS field names, \`rules/generated/sigma/\`.

What a target cannot express is said with each rule.
`;
