/**
 * What compressing a bulk body costs, by level and size: events a second and microseconds of CPU per event, of all threads, and how many times
 * smaller it becomes. Bodies are mapped sample events. `async` is node:zlib in its own threads, as sending does it; `sync` blocks the event loop.
 * Rounds alternate, so that a change of the machine's speed meets all. The figures are those of the best round: other processes only add.
 *
 * node --import tsx bench/gzip.ts [--events N] [--rounds N] [--sizes 0.25,1,2,4] [--parallel N] [--json]
 */
import { parseArgs, promisify } from 'node:util';
import { constants, gzip, gzipSync, type ZlibOptions } from 'node:zlib';
import { createBatcher, type Batch } from '../src/batch.js';
import { decode } from '../src/decode.js';
import { createMapper, mapContext } from '../src/map/mapper.js';
import { SAMPLE_SEED, sampleFlows } from '../src/sample/events.js';
import { createValidator } from '../src/validate.js';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '40000' },
    rounds: { type: 'string', default: '5' },
    sizes: { type: 'string', default: '0.25,1,2,4' },
    parallel: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
});
const MIB = 1024 * 1024;
const compress = promisify(gzip);

interface Way {
  readonly name: string;
  readonly options: (bytes: number) => ZlibOptions;
  readonly isSync?: boolean;
}

/** Room for the whole result, so that it is made in one go; zlib's own 16 KiB make a trip between threads each. */
const roomy = (bytes: number): ZlibOptions => ({ chunkSize: Math.max(16 * 1024, Math.ceil(bytes / 6)) });
const ways: Way[] = [1, 2, 3, 4, 5, 6].flatMap((level) => [
  { name: `level ${level} async`, options: () => ({ level }) },
  { name: `level ${level} async, one chunk`, options: (bytes: number) => ({ level, ...roomy(bytes) }) },
  { name: `level ${level} sync`, options: () => ({ level }), isSync: true },
]);
ways.push(
  {
    name: 'level 1 async, one chunk, Z_FIXED',
    options: (bytes) => ({ level: 1, strategy: constants.Z_FIXED, ...roomy(bytes) }),
  },
  {
    name: 'level 1 async, one chunk, Z_RLE',
    options: (bytes) => ({ level: 1, strategy: constants.Z_RLE, ...roomy(bytes) }),
  },
  { name: 'level 1 async, one chunk, memLevel 9', options: (bytes) => ({ level: 1, memLevel: 9, ...roomy(bytes) }) },
  {
    name: 'level 1 async, one chunk, windowBits 13',
    options: (bytes) => ({ level: 1, windowBits: 13, ...roomy(bytes) }),
  },
);

interface Figures {
  readonly eventsPerSecond: number;
  readonly cpuMicrosPerEvent: number;
  readonly ratio: number;
  readonly rssMib: number;
}

const results: { readonly mib: number; readonly way: string; readonly figures: Figures }[] = [];
for (const mib of values.sizes.split(',').map(Number)) {
  const batches = await makeBatches(mib * MIB);
  const measured = new Map<Way, Figures[]>(ways.map((way) => [way, []]));
  for (let round = 0; round <= Number(values.rounds); round += 1)
    for (const way of ways) {
      const figures = await measure(way, batches);
      // The first round warms up.
      if (round > 0) measured.get(way)?.push(figures);
    }
  for (const [way, rounds] of measured) results.push({ mib, way: way.name, figures: best(rounds) });
}
if (values.json) console.log(JSON.stringify(results));
else for (const line of table()) console.log(line);

async function makeBatches(maxBytes: number): Promise<Batch[]> {
  const events = sampleFlows({
    seed: SAMPLE_SEED,
    count: Number(values.events),
    end: new Date('2026-01-01T00:00:00Z'),
  });
  const mapper = createMapper({ internalNetworks: ['10.20.0.0/16'] });
  const validate = createValidator();
  const batcher = createBatcher({ maxBytes, maxEvents: Number.MAX_SAFE_INTEGER });
  const stream = { id: 'bench', origin: { input: 'file', path: '/var/log/cloudconnexa/flows.jsonl' } };
  const batches: Batch[] = [];
  const decoded = decode(read(events), {
    resume: { offset: 0, arrayDepth: 0 },
    ...{
      seeked: true,
      final: true,
      maxEventBytes: MIB,
      maxExpandedBytes: Number.MAX_SAFE_INTEGER,
      rejectRawBytes: 1024,
    },
  });
  for await (const found of decoded)
    for (const item of found) {
      if (item.kind === 'reject') throw new Error(item.detail);
      const full = batcher.add(mapper.map(item, validate, mapContext(new Date(), stream.origin)), item, stream);
      if (full) batches.push(full);
    }
  // The last one is smaller than the others.
  return batches;
}

async function* read(events: Iterable<string>): AsyncGenerator<Buffer> {
  for (const event of events) {
    await Promise.resolve();
    yield Buffer.from(`${event}\n`);
  }
}

async function measure(way: Way, batches: readonly Batch[]): Promise<Figures> {
  let [events, plain, wire, rss] = [0, 0, 0, 0];
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const waiting = [...batches];
  const work = async (): Promise<void> => {
    for (let batch = waiting.pop(); batch; batch = waiting.pop()) {
      const options = way.options(batch.body.length);
      const made = way.isSync ? gzipSync(batch.body, options) : await compress(batch.body, options);
      events += batch.count;
      plain += batch.body.length;
      wire += made.length;
      rss = Math.max(rss, process.memoryUsage.rss());
    }
  };
  await Promise.all(Array.from({ length: Number(values.parallel) }, work));
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    eventsPerSecond: events / seconds,
    cpuMicrosPerEvent: (user + system) / events,
    ratio: plain / wire,
    rssMib: rss / MIB,
  };
}

function best(rounds: readonly Figures[]): Figures {
  const all = (figure: keyof Figures): number[] => rounds.map((one) => one[figure]);
  return {
    eventsPerSecond: Math.max(...all('eventsPerSecond')),
    cpuMicrosPerEvent: Math.min(...all('cpuMicrosPerEvent')),
    ratio: Math.max(...all('ratio')),
    rssMib: Math.max(...all('rssMib')),
  };
}

function table(): string[] {
  const head = '   MiB  way                                        events/s   CPU us/event    ratio   RSS MiB';
  const lines = results.map(({ mib, way, figures: { eventsPerSecond, cpuMicrosPerEvent, ratio, rssMib } }) =>
    [
      mib.toFixed(2).padStart(6),
      ` ${way.padEnd(40)}`,
      Math.round(eventsPerSecond).toString().padStart(10),
      cpuMicrosPerEvent.toFixed(2).padStart(14),
      ratio.toFixed(2).padStart(8),
      Math.round(rssMib).toString().padStart(9),
    ].join(' '),
  );
  return [`node ${process.version}, zlib ${process.versions.zlib}, ${values.parallel} at a time`, head, ...lines];
}
