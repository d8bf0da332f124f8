/**
 * What the connector's own work costs beside parsing JSON: events per CPU-second of
 *   (a) JSON.parse of each event's text, alone;
 *   (b) decode + validate + map + serialise to bulk bytes;
 * and b/a, all in one run over the same generated events. Rounds alternate, so that a change of the machine's speed meets both.
 *
 * node --import tsx bench/pipeline.ts [--events N] [--rounds N] [--json]
 */
import { parseArgs } from 'node:util';
import { createBatcher } from '../src/batch.js';
import { decode } from '../src/decode.js';
import { createMapper, mapContext } from '../src/map/mapper.js';
import { SAMPLE_SEED, sampleFlows } from '../src/sample/events.js';
import { createValidator } from '../src/validate.js';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const count = Number(values.events);
const rounds = Number(values.rounds);
const CHUNK_BYTES = 128 * 1024;

const chunks = makeChunks();
const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
const mapper = createMapper({ internalNetworks: ['10.20.0.0/16'] });
const validate = createValidator();

parseAlone();
await pipeline();
const parsed: number[] = [];
const mapped: number[] = [];
for (let round = 0; round < rounds; round++) {
  parsed.push(parseAlone());
  mapped.push(await pipeline());
}
report();

/** JSON lines in pieces as a file is read. */
function makeChunks(): Buffer[] {
  const made: Buffer[] = [];
  let lines: string[] = [];
  let size = 0;
  for (const event of sampleFlows({ seed: SAMPLE_SEED, count, end: new Date('2026-01-01T00:00:00Z') })) {
    lines.push(event);
    size += event.length + 1;
    if (size < CHUNK_BYTES) continue;
    made.push(Buffer.from(`${lines.join('\n')}\n`));
    lines = [];
    size = 0;
  }
  if (lines.length > 0) made.push(Buffer.from(`${lines.join('\n')}\n`));
  return made;
}

/** CPU seconds of this process, in user and system mode, of all threads. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** @returns events per CPU-second */
function parseAlone(): number {
  let spent = 0;
  let events = 0;
  for (const chunk of chunks) {
    const texts = chunk.toString().split('\n');
    texts.pop();
    const before = cpuSeconds();
    for (const text of texts) if ((JSON.parse(text) as { log?: unknown }).log !== undefined) events++;
    spent += cpuSeconds() - before;
  }
  check(events);
  return events / spent;
}

/** @returns events per CPU-second */
async function pipeline(): Promise<number> {
  const batcher = createBatcher({ maxBytes: 2 * 1024 * 1024, maxEvents: 5_000 });
  const stream = { id: 'bench', origin: { input: 'file', path: '/var/log/cloudconnexa/flows.jsonl' } };
  let events = 0;
  const before = cpuSeconds();
  const decoded = decode(read(), {
    resume: { offset: 0, arrayDepth: 0 },
    seeked: true,
    final: true,
    maxEventBytes: 1024 * 1024,
    maxExpandedBytes: Number.MAX_SAFE_INTEGER,
    rejectRawBytes: 1024,
  });
  for await (const found of decoded) {
    const context = mapContext(new Date(), stream.origin);
    for (const item of found) {
      if (item.kind === 'reject') throw new Error(`a generated event was rejected: ${item.detail}`);
      const full = batcher.add(mapper.map(item, validate, context), item, stream);
      if (full !== undefined) {
        events += full.count;
        batcher.release(full);
      }
    }
  }
  events += batcher.take()?.count ?? 0;
  const spent = cpuSeconds() - before;
  check(events);
  return events / spent;
}

async function* read(): AsyncGenerator<Buffer> {
  for (const chunk of chunks) {
    await Promise.resolve();
    yield chunk;
  }
}

function check(events: number): void {
  if (events !== count) throw new Error(`${events} events instead of ${count}`);
}

function report(): void {
  const ratios = parsed.map((alone, round) => (mapped[round] ?? 0) / alone);
  if (values.json) {
    console.log(JSON.stringify({ events: count, bytes, json_parse: parsed, pipeline: mapped, ratio: ratios }));
    return;
  }
  console.log(`${count} events of ${Math.round(bytes / count)} bytes, ${rounds} rounds, Node ${process.version}`);
  console.log('events per CPU-second                              min   median      max');
  row('(a) JSON.parse alone', parsed, 0);
  row('(b) decode + validate + map + serialise', mapped, 0);
  row('b/a', ratios, 3);
}

function row(name: string, figures: readonly number[], digits: number): void {
  const sorted = [...figures].sort((x, y) => x - y);
  const cells = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)].map((figure) =>
    (figure ?? 0).toFixed(digits).padStart(8),
  );
  console.log(`${name.padEnd(45)} ${cells.join(' ')}`);
}
