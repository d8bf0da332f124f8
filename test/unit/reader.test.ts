import { expect } from 'chai';
import { createBatcher, originOf, type Batch } from '../../src/batch.js';
import { systemClock } from '../../src/clock.js';
import { loadConfig } from '../../src/config.js';
import { idTime } from '../../src/map/id.js';
import { createMapper } from '../../src/map/mapper.js';
import { createReader, type Reader } from '../../src/reader.js';
import { createThreadedReader } from '../../src/reader/threaded.js';
import { createValidator } from '../../src/validate.js';
import { fileForms, sampleTexts } from '../support/event-files.js';
import { passing } from '../support/passing.js';

const { limits } = loadConfig({ env: {}, set: ['output.hosts=["http://127.0.0.1:9200"]'] });
const options = { namespace: 'default', internalNetworks: ['10.0.0.0/8'], setIngested: true };
const origin = { input: 'file', path: '/var/log/Müller.jsonl' };
const ref = { id: 'one', origin };
const begin = { offset: 0, arrayDepth: 0 };

function* cut(bytes: Buffer, length: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function* failing(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* chunks;
  throw new Error('the disk is gone');
}

const streamOf = (time: number): typeof ref => ({ ...ref, id: time > 1e12 ? 'new' : 'old' });

/** All that comes of a stream, but for the time of reading, which is an event's own when that has none. */
async function read(reader: Reader, bytes: AsyncIterable<Buffer>, final = true): Promise<string[]> {
  const batcher = createBatcher({ maxBytes: 1 << 20, maxEvents: 100 });
  const told: string[] = [];
  const tell = (batch: Batch | undefined): void => {
    for (let item = 0; item < (batch?.count ?? 0); item++) {
      const { start, bytes: event, index, id } = originOf(batch as Batch, item);
      told.push([start, index, id, event.toString('latin1')].join(' '));
    }
    if (batch === undefined) return;
    told.push(
      batch.body.toString().replaceAll(/"(created|ingested|@timestamp)":"[^"]*"/g, ''),
      JSON.stringify([...batch.marks]),
    );
    batcher.release(batch);
  };
  try {
    for await (const found of reader.read({ origin, resume: begin, bytes, seeked: false, final })) {
      for (const piece of found) {
        if (piece.kind === 'event') tell(batcher.add(piece.event, piece.source, streamOf(idTime(piece.event.id))));
        else if (piece.kind === 'reject') {
          told.push(JSON.stringify({ ...piece, raw: piece.raw.toString('latin1') }));
          tell(batcher.mark(ref, piece.end, false));
        } else
          for (let event = 0; event < piece.count;) {
            const { next, closed } = batcher.addRun(piece, event, streamOf);
            tell(closed);
            event = next;
          }
      }
    }
  } catch (error) {
    told.push(String(error));
  }
  tell(batcher.take());
  return told;
}

describe('reading in another thread', function () {
  this.timeout(60_000);
  let here: Reader;
  let there: Reader;
  before(() => {
    here = createReader({ mapper: createMapper(options), validate: createValidator(), limits, clock: systemClock });
    there = createThreadedReader({ mapper: options, limits });
  });
  after(() => Promise.all([here.close(), there.close()]));

  const broken = Buffer.from(`${sampleTexts(3).join('\n')}\n{"a":1,}\nnothing\n{"timestamp":"x"}\n[1]\n{"a":`);
  const streams = new Map<string, Buffer>([
    ...Object.entries(fileForms).map(([form, write]) => [form, Buffer.from(write(sampleTexts(400)))] as const),
    ['what is no event', broken],
    ['nothing', Buffer.alloc(0)],
  ]);
  for (const [name, bytes] of streams)
    for (const length of [700, 1 << 20])
      it(`gives the same of ${name} in chunks of ${length} bytes`, async () => {
        const expected = await read(here, passing(cut(bytes, length)));
        expect(await read(there, passing(cut(bytes, length)))).to.deep.equal(expected);
        if (bytes.length > 0) expect(expected).not.to.have.length(0);
      });

  it('leaves what is unfinished at the end of a stream that may grow', async () => {
    const expected = await read(here, passing(cut(broken, 100)), false);
    expect(await read(there, passing(cut(broken, 100)), false)).to.deep.equal(expected);
  });

  it('tells a failure of the bytes behind all that came before, and rejects nothing for it', async () => {
    for (const bytes of [broken, Buffer.from(sampleTexts(200).join('\n')), Buffer.alloc(0)]) {
      const expected = await read(here, failing(passing(cut(bytes, 4096))));
      expect(await read(there, failing(passing(cut(bytes, 4096))))).to.deep.equal(expected);
      expect(expected.join()).to.contain('the disk is gone').and.not.contain('"truncated"');
    }
  });

  it('reads streams side by side', async () => {
    const all = [...streams.values()];
    const expected = await Promise.all(all.map((bytes) => read(here, passing(cut(bytes, 5000)))));
    const found = await Promise.all(all.map((bytes) => read(there, passing(cut(bytes, 5000)))));
    expect(found).to.deep.equal(expected);
  });

  it('does not read on when nobody takes what was read', async () => {
    const bytes = Buffer.from(sampleTexts(200).join('\n'));
    let asked = 0;
    let closed = false;
    async function* endless(): AsyncGenerator<Buffer> {
      try {
        for (;;) {
          asked++;
          yield await Promise.resolve(Buffer.concat([bytes, Buffer.from('\n')]));
        }
      } finally {
        closed = true;
      }
    }
    const pieces = there.read({ origin, resume: begin, bytes: endless(), seeked: false, final: true });
    const iterator = pieces[Symbol.asyncIterator]();
    await iterator.next();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(asked).to.be.lessThan(20);
    await iterator.return?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(closed).to.equal(true);
  });

  it('does not wait for a silent input when nobody takes what was read any more', async () => {
    async function* silent(): AsyncGenerator<Buffer> {
      yield Buffer.from(`${sampleTexts(1).join()}\n`);
      await new Promise(() => undefined);
    }
    const pieces = there.read({ origin, resume: begin, bytes: silent(), seeked: false, final: true });
    const iterator = pieces[Symbol.asyncIterator]();
    expect((await iterator.next()).value).to.have.length(1);
    expect(await iterator.return?.()).to.include({ done: true });
  });

  it('fails when the thread ends', async () => {
    const reader = createThreadedReader({ mapper: { ...options, internalNetworks: ['nonsense'] }, limits });
    const told = await read(reader, passing([broken]));
    expect(told).to.have.length(1);
    expect(told[0]).to.match(/Invalid socket address/);
    expect((await read(reader, passing([broken])))[0]).to.match(/Invalid socket address/);
    await reader.close();
  });
});
