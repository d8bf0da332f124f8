import { expect } from 'chai';
import { loadRules } from '../../src/rules/load.js';
import { runRule } from '../../src/rules/run.js';
import type { RuleRun } from '../../src/rules/finding.js';
import type { Rule } from '../../src/rules/spec.js';
import { createClient, type Client } from '../../src/target/client.js';
import { forEachEngine } from '../support/engine-matrix.js';
import { documentsOf, indicatorsOf, trialsOf } from '../support/evidence.js';
import { storeDocuments, storeIndicators } from '../support/evidence-store.js';
import { installAssets } from '../support/workplace.js';

const rules = loadRules();
const trials = rules.flatMap(trialsOf);
const pattern = 'logs-cloudconnexa.*-rules';
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
});
