import { expect } from 'chai';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { bodyOf, createBatcher, originOf, type Batch, type ItemSource } from '../../src/batch.js';
import { createBatching } from '../../src/batching.js';
import type { MappedEvent } from '../../src/record.js';
import { manualClock } from '../support/manual-clock.js';

const stream = { id: 's1', origin: { input: 'file', path: 'a.gz' } };
const other = { id: 's2', origin: { input: 'file', path: 'b.gz' } };
const event = (id: string, source = `{"n":"${id}"}`): MappedEvent => ({ index: 'logs-x-y', id, source, ascii: false });
const from = (start: number): ItemSource => ({
  start,
  end: at(start + 10),
  buffer: Buffer.from(`text ${start}`),
  from: 0,
  to: 6,
});
const at = (offset: number): { offset: number; arrayDepth: number } => ({ offset, arrayDepth: 0 });
const roomy = { maxBytes: 10_000, maxEvents: 1000 };
const line = (id: string, source = `{"n":"${id}"}`): string =>
  `{"create":{"_index":"logs-x-y","_id":"${id}"}}\n${source}\n`;

function taken(batch: Batch | undefined): Batch {
  if (!batch) throw new Error('no batch');
  return batch;
}

describe('a batch', () => {
  it('holds the bulk body of its events', () => {
    const batcher = createBatcher(roomy);
    batcher.add(event('a'), from(0), stream);
    batcher.add(event('b', '{"ü":"€😀"}'), from(10), stream);
    expect(taken(batcher.take()).body.toString()).to.equal(line('a') + line('b', '{"ü":"€😀"}'));
  });

  it('knows where each item came from and where it goes', () => {
    const batcher = createBatcher(roomy);
    batcher.add(event('a'), from(0), stream);
    batcher.add({ ...event('b'), index: 'logs-"odd"' }, from(7), other);
    const batch = taken(batcher.take());
    const plain = { stream, start: 0, bytes: Buffer.from('text 0'), index: 'logs-x-y', id: 'a' };
    expect(originOf(batch, 0)).to.deep.equal(plain);
    const odd = { stream: other, start: 7, bytes: Buffer.from('text 7'), index: 'logs-"odd"', id: 'b' };
    expect(originOf(batch, 1)).to.deep.equal(odd);
    expect(() => originOf(batch, 2)).to.throw(RangeError);
  });

  it('closes before an event that would exceed the bytes', () => {
    const batcher = createBatcher({ maxBytes: line('a').length * 2, maxEvents: 100 });
    expect(batcher.add(event('a'), from(0), stream)).to.equal(undefined);
    expect(batcher.add(event('b'), from(10), stream)).to.equal(undefined);
    const closed = taken(batcher.add(event('c'), from(20), stream));
    expect(closed.body.toString()).to.equal(line('a') + line('b'));
    expect(closed.marks.get('s1')).to.deep.equal({ position: at(20), done: false });
    expect(taken(batcher.take()).body.toString()).to.equal(line('c'));
  });

  it('closes before an event that would exceed the count', () => {
    const batcher = createBatcher({ maxBytes: 10_000, maxEvents: 2 });
    batcher.add(event('a'), from(0), stream);
    batcher.add(event('b'), from(10), stream);
    expect(batcher.add(event('c'), from(20), stream)).to.have.property('count', 2);
  });

  it('closes at the bytes that were wanted when it was begun', () => {
    let target = line('a').length * 2;
    const batcher = createBatcher({ maxBytes: 10_000, maxEvents: 100, targetBytes: () => target });
    const counts: (number | undefined)[] = [];
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
      counts.push(batcher.add(event(id), from(0), stream)?.count);
      target = line('a').length * 3;
    }
    expect(counts.filter((count) => count !== undefined)).to.deep.equal([2, 3]);
  });

  it('carries an event larger than its bounds alone', () => {
    const large = `{"n":"${'€'.repeat(200)}"}`;
    const batcher = createBatcher({ maxBytes: 100, maxEvents: 100 });
    batcher.add(event('a'), from(0), stream);
    expect(taken(batcher.add(event('b', large), from(10), stream)).body.toString()).to.equal(line('a'));
    expect(taken(batcher.add(event('c'), from(20), stream)).body.toString()).to.equal(line('b', large));
    expect(taken(batcher.take()).body.toString()).to.equal(line('c'));
  });

  it('carries marks without items', () => {
    const batcher = createBatcher(roomy);
    batcher.mark(stream, at(5), false);
    batcher.mark(other, at(9), true);
    batcher.mark(stream, at(6), false);
    const batch = taken(batcher.take());
    expect(batch.count).to.equal(0);
    expect([...batch.marks]).to.deep.equal([
      ['s1', { position: at(6), done: false }],
      ['s2', { position: at(9), done: true }],
    ]);
  });

  it('does not exist without items and marks', () => {
    const batcher = createBatcher(roomy);
    expect(batcher.take()).to.equal(undefined);
    batcher.mark(stream, at(5), false);
    batcher.take();
    expect(batcher.take()).to.equal(undefined);
  });

  it('uses the memory of a released batch again, never that of one in use', () => {
    const batcher = createBatcher(roomy);
    const fill = (id: string): Batch => {
      batcher.add(event(id), from(0), stream);
      return taken(batcher.take());
    };
    const [a, b] = [fill('a'), fill('b')];
    batcher.release(a);
    batcher.release(a);
    const [c, d] = [fill('c'), fill('d')];
    expect(c.body.buffer).to.equal(a.body.buffer);
    expect([b, c, d].map(({ body }) => body.toString())).to.deep.equal([line('b'), line('c'), line('d')]);
  });

  it('gives the bytes of any choice of its items', () => {
    const sources = fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.boolean()), { minLength: 1 });
    fc.assert(
      fc.property(sources, (chosen) => {
        const batcher = createBatcher({ maxBytes: 1_000_000, maxEvents: 1000 });
        const lines = chosen.map(([text], i) => {
          const source = JSON.stringify({ text });
          batcher.add(event(`id${i}`, source), from(i), stream);
          return line(`id${i}`, source);
        });
        const items = chosen.flatMap(([, keep], i) => (keep ? [i] : []));
        const expected = items.map((i) => lines[i]).join('');
        expect(bodyOf(taken(batcher.take()), items).toString()).to.equal(expected);
      }),
    );
  });

  it('loses and reorders nothing, whatever the bounds', () => {
    const bounds = fc.record({ maxBytes: fc.integer({ min: 1, max: 400 }), maxEvents: fc.integer({ min: 1, max: 5 }) });
    fc.assert(
      fc.property(bounds, fc.array(fc.string({ unit: 'grapheme', maxLength: 80 })), (limits, texts) => {
        const batcher = createBatcher(limits);
        const events = texts.map((text, i) => event(String(i), JSON.stringify(text)));
        const batches = events.flatMap((one, i) => batcher.add(one, from(i), stream) ?? []);
        const all = [...batches, batcher.take()].flatMap((batch) => batch ?? []);
        for (const batch of all) {
          expect(batch.count).to.be.at.most(limits.maxEvents);
          if (batch.count > 1) expect(batch.body.length).to.be.at.most(limits.maxBytes);
          expect(batch.offsets.at(-1)).to.equal(batch.body.length);
        }
        const sent = all.map(({ body }) => body.toString()).join('');
        expect(sent).to.equal(events.map(({ id, source }) => line(id, source)).join(''));
      }),
    );
  });
});

describe('batching', () => {
  function start(maxEvents = 100, emit?: (batch: Batch) => Promise<void>) {
    const emitted: Batch[] = [];
    const { clock, advance } = manualClock();
    const keep = (batch: Batch): Promise<void> => {
      emitted.push(batch);
      return Promise.resolve();
    };
    const batching = createBatching({ maxBytes: 10_000, maxEvents, maxAgeMs: 500, clock, emit: emit ?? keep });
    return { batching, emitted, advance, counts: () => emitted.map(({ count }) => count) };
  }

  it('emits a full batch and asks to wait for that', async () => {
    const { batching, counts } = start(1);
    expect(batching.add(event('a'), from(0), stream)).to.equal(undefined);
    await batching.add(event('b'), from(10), stream);
    expect(counts()).to.deep.equal([1]);
  });

  it('emits what has been open for the age, counted from its first event', () => {
    const { batching, advance, counts } = start();
    void batching.add(event('a'), from(0), stream);
    advance(499);
    void batching.add(event('b'), from(10), stream);
    expect(counts()).to.deep.equal([]);
    advance(1);
    expect(counts()).to.deep.equal([2]);
  });

  it('lets marks alone age as well', () => {
    const { batching, advance, counts } = start();
    void batching.mark(stream, at(3), true);
    advance(500);
    expect(counts()).to.deep.equal([0]);
  });

  it('counts the age of the next batch anew', () => {
    const { batching, advance, counts } = start(1);
    void batching.add(event('a'), from(0), stream);
    advance(400);
    void batching.add(event('b'), from(10), stream);
    advance(400);
    expect(counts()).to.deep.equal([1]);
    advance(100);
    expect(counts()).to.deep.equal([1, 1]);
  });

  it('emits no batch for its age while the one before waits for its place', async () => {
    let begin: () => void = () => undefined;
    const counts: number[] = [];
    const { batching, advance } = start(1000, ({ count }) => {
      counts.push(count);
      return new Promise((resolve) => (begin = resolve));
    });
    // The cluster is away, and a few events come each second.
    for (let second = 0; second < 100; second += 1) {
      void batching.add(event('a'), from(second), stream);
      advance(1000);
    }
    expect(counts).to.deep.equal([1]);
    begin();
    await setImmediate();
    expect(counts).to.deep.equal([1, 99]);
  });

  it('emits a batch with marks of many streams, and asks to wait for that', async () => {
    const { batching, emitted } = start(3);
    const waits = ['a', 'b', 'c', 'd', 'e'].map((id) => batching.mark({ ...stream, id }, at(1), true));
    expect(waits.map((wait) => wait !== undefined)).to.deep.equal([false, false, false, false, true]);
    await waits[4];
    expect(emitted.map(({ marks }) => [...marks.keys()])).to.deep.equal([['a', 'b', 'c', 'd']]);
  });

  it('emits nothing twice after a flush', async () => {
    const { batching, advance, counts } = start();
    void batching.add(event('a'), from(0), stream);
    await batching.flush();
    await batching.flush();
    advance(1000);
    expect(counts()).to.deep.equal([1]);
  });

  it('throws at the next call what an emission by age threw', async () => {
    const { batching, advance } = start(100, () => Promise.reject(new Error('disk full')));
    void batching.mark(stream, at(3), false);
    advance(500);
    await Promise.resolve();
    expect(() => void batching.mark(stream, at(4), false)).to.throw('disk full');
  });
});
