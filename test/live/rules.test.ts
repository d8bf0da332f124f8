import { writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { packageJson, packagePath } from '../../src/package-root.js';
import { loadRules } from '../../src/rules/load.js';
import { runRule, runRules } from '../../src/rules/run.js';
import type { RuleRun } from '../../src/rules/finding.js';
import type { Rule } from '../../src/rules/spec.js';
import { createClient, type Client } from '../../src/target/client.js';
import { forEachEngine } from '../support/engine-matrix.js';
import { documentsOf, indicatorsOf, trialsOf } from '../support/evidence.js';
import { storeDocuments, storeIndicators, storeTexts } from '../support/evidence-store.js';
import { demoDocuments, ordinary, ordinaryDocuments } from '../support/ordinary-day.js';
import { installAssets } from '../support/workplace.js';

const rules = loadRules();
const trials = rules.flatMap(trialsOf);
const pattern = 'logs-cloudconnexa.*-rules';
/** What the intruder does, in the words of the rules. */
const story = [
  'new-device',
  'new-region',
  'admin-port-sweep',
  'denied-admin-protocols',
  'denied-flow-spike',
  'port-scan',
]
  .concat(['denied-then-allowed', 'blocked-threat'])
  .map((name) => `cloudconnexa-${name}`);
/** Written anew by `UPDATE_FALSE_POSITIVES=1 npx mocha --spec test/live/rules.test.ts -g "OpenSearch 3"`. */
const record = packagePath('rules/false-positives.json');
const halfDayMs = 12 * 60 * 60 * 1000;

forEachEngine('alert rules', (engine) => {
  const now = new Date();
  let client: Client;

  before(async function () {
    this.timeout(120_000);
    client = createClient({ hosts: [engine.running().url], request_timeout_s: 30, gzip: false });
    await installAssets(engine);
    await storeDocuments(
      engine,
      trials.flatMap((trial) => documentsOf(trial, now, 'rules')),
    );
    await storeIndicators(
      engine,
      'threat-intelligence-rules',
      trials.flatMap((trial) => indicatorsOf(trial, now)),
    );
  });

  after(() => client.close());

  /** What fired of the rule's own evidence, beside what should. */
  async function outcomes(rule: Rule, run: RuleRun): Promise<readonly [object, object]> {
    const findings = await runRule(client, rule, run, { pattern });
    const organizations = new Set(findings.map(({ group }) => group['organization.id']));
    const own = trialsOf(rule);
    const fired = own.map(({ title, organization }) => [title, organizations.has(organization)]);
    return [Object.fromEntries(fired), Object.fromEntries(own.map(({ title, fires }) => [title, fires]))];
  }

  for (const rule of rules) {
    it(`${rule.id} tells its evidence from its near misses in a scheduled run`, async () => {
      const [fired, expected] = await outcomes(rule, { kind: 'scheduled', now });
      expect(fired).to.deep.equal(expected);
    });
  }

  // Whether a stream is silent is a question of arrival, of which a look at the times of events knows nothing.
  for (const rule of rules.filter(({ detect }) => detect.kind !== 'silence')) {
    it(`${rule.id} tells them over a period too`, async () => {
      const from = new Date(now.getTime() - halfDayMs);
      const [fired, expected] = await outcomes(rule, { kind: 'period', from, to: now });
      expect(fired).to.deep.equal(expected);
    });
  }

  it('find on a day of ordinary traffic no more than is on record', async function () {
    this.timeout(300_000);
    const end = new Date(Math.floor(now.getTime() / 1000) * 1000);
    await storeTexts(engine, ordinaryDocuments(end, 'ordinary'));
    const findings = await findingsOf('logs-cloudconnexa.*-ordinary', end);
    if (process.env['UPDATE_FALSE_POSITIVES'] === '1') await writeFile(record, recordText(findings));
    const { findings: known } = packageJson('rules/false-positives.json') as { findings: Record<string, number> };
    const worse = Object.entries(findings).filter(([rule, count]) => count > (known[rule] ?? 0));
    expect(worse).to.deep.equal([]);
  });

  it('find the attack that is hidden in the sample events', async function () {
    this.timeout(300_000);
    const end = new Date(Math.floor(now.getTime() / 1000) * 1000);
    await storeTexts(engine, demoDocuments(end, 'hidden'));
    const from = new Date(end.getTime() - 2 * halfDayMs);
    const options = { pattern: 'logs-cloudconnexa.*-hidden' };
    const fired = await runRules(client, rules, { kind: 'period', from, to: end }, options);
    expect(fired.map(({ rule }) => rule.id)).to.include.members(story);
    const scores = fired.map(({ rule }) => rule.riskScore);
    expect(scores).to.deep.equal([...scores].sort((a, b) => b - a));
    const blamed = fired.flatMap(({ findings }) => findings.map(({ group }) => group['user.name'] ?? ''));
    expect(new Set(blamed.filter((name) => name !== '')).size).to.equal(1);
  });

  /** Number of findings per rule on the last day. */
  async function findingsOf(streams: string, end: Date): Promise<Record<string, number>> {
    const from = new Date(end.getTime() - 2 * halfDayMs);
    const counts: Record<string, number> = {};
    for (const rule of rules) {
      const found = await runRule(client, rule, { kind: 'period', from, to: end }, { pattern: streams });
      counts[rule.id] = found.length;
    }
    return counts;
  }
});

function recordText(findings: Readonly<Record<string, number>>): string {
  const { events, historyDays } = ordinary;
  return `${JSON.stringify({ events, days: 1, history_days: historyDays, findings }, null, 2)}\n`;
}
