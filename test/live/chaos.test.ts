import { expect } from 'chai';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { givenEvents } from '../chaos/events.js';
import { PEAK_MIB } from '../chaos/memory.js';
import { complaints, Ledger } from '../chaos/ledger.js';
import { commandOf, runChaos, type ChaosOptions } from '../chaos/run.js';
import { shortRun } from '../chaos/short-run.js';
import { Store } from '../chaos/store.js';
import { forEachEngine, startOrSkip } from '../support/engine-matrix.js';
import { writeLines } from '../support/event-files.js';
import { installAssets, workplace } from '../support/workplace.js';

/**
 * Where the cluster is away for 0.6 of these minutes, while 29,000 events come, 104 MB as documents and 37 MB as text: more than
 * the bound of memory allows, were they taken. One engine is enough.
 */
const outage = { engine: 'opensearch-3', minutes: 0.5 } as const;

forEachEngine('chaos', (engine) => {
  before(async function () {
    this.timeout(60_000);
    await installAssets(engine);
  });

  it('its ledger notices a document that is gone, and one that is there twice', async function () {
    this.timeout(60_000);
    const namespace = 'audited';
    const store = new Store(engine.running(), namespace);
    const ledger = new Ledger();
    const events = [...givenEvents({ seed: 1, count: 40, namespace, now: Date.now })];
    for (const event of events) ledger.give(event);
    const place = await workplace(engine, { namespace });
    await writeLines(
      join(place.events, 'events.jsonl'),
      events.map(({ text }) => text),
    );
    const { code, stderr } = await place.cli(['run', '--once']);
    expect(code, stderr).to.equal(0);
    expect(complaints(await ledger.audit(store.documents(), []))).to.deep.equal([]);
    const [gone, doubled] = events.filter(({ index }) => index === `logs-cloudconnexa.flow-${namespace}`);
    const [backing = ''] = (await store.streams()).get(gone?.index ?? '') ?? [];
    await store.call('DELETE', `/${backing}/_doc/${gone?.id}`);
    await store.rollOver();
    await store.call('PUT', `/${doubled?.index}/_create/${doubled?.id}`, { '@timestamp': '2026-02-03T04:05:06Z' });
    const account = await ledger.audit(store.documents(), []);
    expect(complaints(account)).to.deep.equal(['1 missing', '1 stored twice']);
    expect(account.examples.join()).to.contain(gone?.id).and.contain(doubled?.id);
  });

  if (engine.id === outage.engine)
    it('the cluster is away while the inputs grow: memory stays bounded, and each event is stored once', async function () {
      this.timeout(300_000);
      const result = await runChaos(engine.running(), {
        ...{ seed: 1, minutes: outage.minutes, shape: 'outage', kills: 0, eventsPerSecond: 1_600 },
        ...{ baseline: false, namespace: 'outage', tell: () => undefined },
      });
      const { failures = ['no lane'], account, faults, memory } = result.lanes[0] ?? {};
      expect(failures, `${result.folder}\n${account?.examples.join('\n')}`).to.deep.equal([]);
      expect([...(faults?.values() ?? [])]).to.deep.equal([{ planned: 1, injected: 1, survived: 1 }]);
      expect(memory?.peakMiB).to.be.within(1, PEAK_MIB);
    });
  else it('the cluster is away while the inputs grow [not run here: one engine is enough]');

  const { seeds, ...short } = shortRun;
  const seed = (seeds as Partial<Record<string, number>>)[engine.id];
  if (seed === undefined) {
    it(
      'two minutes of faults and kills [not run here: two engines of the matrix are enough for each run of the tests]',
    );
    return;
  }

  it('two minutes of faults and kills: each event is stored once', async function () {
    const options: ChaosOptions = {
      ...short,
      ...{ seed, shape: 'all', baseline: false, namespace: 'chaos', tell: () => undefined },
    };
    const { lanes, folder } = await startOrSkip(this, () => {
      this.timeout(900_000);
      return runChaos(engine.running(), options);
    });
    const { failures = ['no lane'], account } = lanes[0] ?? {};
    expect(failures, `${commandOf(options, engine.id)}\n${folder}\n${account?.examples.join('\n')}`).to.deep.equal([]);
    expect(account).to.include({ stored: account?.given, twice: 0, missing: 0 });
    await rm(folder, { recursive: true, force: true });
  });
});
