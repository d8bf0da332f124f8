import { AssertionError, expect } from 'chai';
import { loadRules } from '../../src/rules/load.js';
import { monitorSearch, openSearchMonitors, type MonitorBody } from '../../src/rules/monitors.js';
import { forEachEngine } from '../support/engine-matrix.js';
import { documentsOf, trialsOf } from '../support/evidence.js';
import { storeDocuments } from '../support/evidence-store.js';
import { storedIn } from '../support/engine-data.js';
import { installAssets } from '../support/workplace.js';

const namespace = 'monitors';
const rules = loadRules();
const monitors = openSearchMonitors(rules).flatMap(({ id, monitor }) =>
  'body' in monitor ? [{ id, body: monitor.body }] : [],
);

/** Alerting takes broken Painless without a word and fails only when it runs, so each monitor's search is run as it would be. */
forEachEngine('alerting monitors', (engine) => {
  const now = new Date();

  before(async function () {
    if (!engine.supports('painless')) return;
    this.timeout(120_000);
    await installAssets(engine);
    const documents = rules.flatMap(trialsOf).flatMap((trial) => documentsOf(trial, now, namespace));
    await storeDocuments(engine, documents);
  });

  /** Organizations of the groups that would raise an alert, over all pages. */
  async function alerting(monitor: MonitorBody): Promise<Set<string>> {
    const search = monitorSearch(monitor, now);
    const { composite } = search.aggregations.composite_agg;
    const found = new Set<string>();
    for (let page: object = composite, pages = 0; ; pages += 1) {
      const aggregations = { composite_agg: { ...search.aggregations.composite_agg, composite: page } };
      const groups = await answered({ ...search, aggregations });
      for (const { key } of groups.buckets) found.add(key['organization.id'] ?? '');
      if (groups.after_key === undefined || pages > 100) return found;
      page = { ...composite, after: groups.after_key };
    }
  }

  async function answered(search: object): Promise<Groups> {
    const path = `/logs-cloudconnexa.*-${namespace}/_search`;
    const { status, body } = await storedIn(engine, namespace).call('POST', path, search);
    expect(status, JSON.stringify(body)).to.equal(200);
    return (body as { aggregations: { composite_agg: Groups } }).aggregations.composite_agg;
  }

  for (const { id, body } of monitors)
    engine.itNeeds(['painless'], `${id} tells its evidence from its near misses`, async () => {
      const organizations = await alerting(body);
      const own = rules.filter((rule) => rule.id === id).flatMap(trialsOf);
      const fired = own.map(({ title, organization }) => [title, organizations.has(organization)]);
      const expected = own.map(({ title, fires }) => [title, fires]);
      expect(Object.fromEntries(fired)).to.deep.equal(Object.fromEntries(expected));
    });

  engine.itNeeds(['painless'], 'one with broken Painless would be found', async () => {
    const broken = JSON.stringify(monitors[0]?.body).replace('"params.', '"parms.');
    const fault = await alerting(JSON.parse(broken) as MonitorBody).catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(AssertionError).with.property('message').that.includes('parms');
  });
});

interface Groups {
  readonly after_key?: object;
  readonly buckets: readonly { readonly key: Readonly<Record<string, string>> }[];
}
