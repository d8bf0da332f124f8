import { expect } from 'chai';
import { forEachEngine } from '../support/engine-matrix.js';
import { sampleTexts, writeLines } from '../support/event-files.js';
import { startFaultProxy, type FaultProxy, type ProxyFault } from '../support/fault-proxy.js';
import { installAssets, workplace, type Workplace } from '../support/workplace.js';

const texts = sampleTexts(240);
const perBatch = 20;
const times = (count: number, fault: ProxyFault): ProxyFault[] => Array.from({ length: count }, () => fault);

interface Case {
  readonly name: string;
  readonly title: string;
  readonly script: readonly ProxyFault[];
  /** Answered as stored already, because the answer of their first try was lost. */
  readonly duplicates?: number;
}

/** Requests one after the other: then it is certain which of them a fault meets. */
const oneByOne = { max_in_flight: 1 };
const thrice = (fault: ProxyFault): ProxyFault[] => times(3, fault).flatMap((one) => [one, { kind: 'pass' }]);

const cases: readonly Case[] = [
  { name: 'busy', title: 'refusals with 429', script: times(6, { kind: 'status', status: 429 }) },
  { name: 'down', title: 'refusals with 503', script: times(6, { kind: 'status', status: 503 }) },
  { name: 'gateway', title: 'a gateway that times out', script: times(3, { kind: 'status', status: 504 }) },
  { name: 'denied', title: 'refused credentials', script: times(3, { kind: 'status', status: 401 }) },
  { name: 'cut', title: 'connections cut before the request arrived', script: times(4, { kind: 'cut' }) },
  { name: 'lost', title: 'lost answers', script: thrice({ kind: 'lost' }), duplicates: 3 * perBatch },
  {
    name: 'half',
    title: 'answers cut in their middle',
    script: thrice({ kind: 'truncated' }),
    duplicates: 3 * perBatch,
  },
  { name: 'item_busy', title: 'items refused with 429', script: times(9, { kind: 'items', status: 429, every: 3 }) },
  { name: 'item_down', title: 'items refused with 503', script: times(9, { kind: 'items', status: 503, every: 2 }) },
  { name: 'item_denied', title: 'items refused with 403', script: times(4, { kind: 'items', status: 403, every: 4 }) },
  {
    name: 'all',
    title: 'all of that in a row',
    script: [
      { kind: 'status', status: 429 },
      { kind: 'lost' },
      { kind: 'items', status: 429, every: 2 },
      { kind: 'cut' },
      { kind: 'status', status: 502 },
      { kind: 'items', status: 503, every: 5 },
      { kind: 'pass' },
      { kind: 'items', status: 500, every: 1 },
    ],
    duplicates: perBatch,
  },
];

forEachEngine('shipping through faults', (engine) => {
  let proxy: FaultProxy;

  before(async function () {
    this.timeout(60_000);
    await installAssets(engine);
  });
  afterEach(() => proxy.close());

  async function behind(
    name: string,
    options: { script?: readonly ProxyFault[]; maxBytes?: number },
    events = texts,
    more: object = {},
  ): Promise<Workplace> {
    proxy = await startFaultProxy({ target: engine.running().url, ...options });
    // A slow machine must not make a batch of what has come within a second.
    const output = { batch: { max_events: perBatch, max_age_s: 60 }, ...more };
    const place = await workplace(engine, { namespace: `faults_${name}`, url: proxy.url, output });
    await writeLines(`${place.events}/events.jsonl`, events);
    return place;
  }

  for (const { name, title, script, duplicates = 0 } of cases) {
    it(`stores everything once in spite of ${title}`, async function () {
      this.timeout(60_000);
      const place = await behind(name, { script }, texts, duplicates > 0 ? oneByOne : {});
      const { indexed, duplicates: found, rejected, unfinished } = await place.ship();
      expect({ indexed, found, rejected, unfinished }).to.deep.equal({
        indexed: texts.length - duplicates,
        found: duplicates,
        rejected: 0,
        unfinished: 0,
      });
      expect(await place.stored.count()).to.equal(texts.length);
    });
  }

  it('waits as long as Retry-After asks for', async function () {
    this.timeout(60_000);
    const script = times(1, { kind: 'status', status: 429, headers: { 'retry-after': '1' } });
    const place = await behind('retry_after', { script }, texts.slice(0, perBatch));
    await place.ship();
    const [first = 0, second = 0] = proxy.times;
    expect(second - first).to.be.at.least(1000);
    expect(await place.stored.count()).to.equal(perBatch);
  });

  it('sends smaller requests where large ones get 413, and rejects an event too large by itself', async function () {
    this.timeout(60_000);
    const huge = JSON.stringify({ ...(JSON.parse(texts[0] ?? '') as object), padding: 'x'.repeat(20_000) });
    const place = await behind('large', { maxBytes: 12_000 }, [...texts, huge]);
    const { indexed, duplicates, rejected } = await place.ship();
    expect({ indexed, duplicates, rejected }).to.deep.equal({ indexed: texts.length, duplicates: 0, rejected: 1 });
    expect(await place.stored.count()).to.equal(texts.length);
  });

  it('puts the time of sending into event.ingested, not that of reading', async function () {
    this.timeout(60_000);
    const script = times(3, { kind: 'status', status: 503, headers: { 'retry-after': '1' } });
    const place = await behind('ingested', { script }, texts.slice(0, perBatch));
    await place.ship();
    const { hits } = await place.stored.search({ size: perBatch });
    const events = hits.hits.map(({ _source }) => _source['event'] as { created: string; ingested: string });
    const beforeLast = proxy.times.at(-2) ?? Infinity;
    expect(events).to.have.length(perBatch);
    for (const { created, ingested } of events) {
      expect(Date.parse(created)).to.be.below(proxy.times[0] ?? 0);
      expect(Date.parse(ingested)).to.be.above(beforeLast);
    }
  });
});
