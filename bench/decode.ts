/** Events per CPU second of JSON.parse alone and of decode() in every format, the best of some rounds: `node --import tsx bench/decode.ts [EVENTS]`. */
import { gzipSync } from 'node:zlib';
import { decode } from '../src/decode.js';

const CHUNK_BYTES = 256 * 1024;
const EVENTS = Number(process.argv[2] ?? 50_000);
const ROUNDS = 5;

/** An event of the documented shape, about 1.3 KB as JSON. */
function event(i: number, name: string): object {
  const id = (n: number): string =>
    `${((i * 7919 + n) >>> 0).toString(16).padStart(8, '0')}-9441-4b58-8e63-224ede0e7203`;
  return {
    CloudConnexaLogVersion: 1,
    timestamp: new Date(1_700_000_000_000 + i * 37).toISOString(),
    cloudId: 'acme',
    service: 'CloudConnexa',
    traceId: id(1),
    publicIp: `178.136.${i % 256}.32`,
    initiator: id(2),
    initiatorType: 'User',
    initiatorName: `${name} ${i % 500}`,
    parentEntity: id(3),
    parentEntityType: 'Group',
    parentEntityName: 'Default',
    category: 'Activity.AV',
    eventName: 'flow-established',
    log: {
      clientSessionId: id(4),
      sourceParentId: id(2),
      sourceParentType: 'User',
      sourceEntityId: id(5),
      sourceEntityType: 'Device',
      sourceIp: `100.96.${i % 256}.34`,
      sourceGatewayRegion: 'us-dev-1',
      destinationParentId: id(6),
      destinationParentType: 'Internet Gateway',
      destinationEntityId: id(7),
      destinationEntityType: 'Connector',
      destinationEntityIp: `18.221.${i % 256}.81`,
      destinationPort: i % 65536,
      destinationGatewayRegion: 'us-dev-1',
      allowed: i % 3 !== 0,
      protocolName: 'tcp',
      protocol: '6',
      sourceGatewayRegionName: 'San Jose (CA)',
      destinationGatewayRegionName: 'San Jose (CA)',
      sourceParentName: name,
      sourceEntityName: `device_${i}`,
      destinationEntityName: 'connector01',
      destinationParentName: 'StableNetwork',
    },
  };
}

function cpuSeconds(from: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(from);
  return (used.user + used.system) / 1e6;
}

async function measure(bytes: Buffer): Promise<number> {
  const start = process.cpuUsage();
  let events = 0;
  const options = { maxEventBytes: 1 << 20, maxExpandedBytes: 2 ** 40, rejectRawBytes: 1 << 20 };
  const from = { resume: { offset: 0, arrayDepth: 0 }, seeked: false, final: true };
  for await (const some of decode(chunks(bytes), { ...from, ...options })) events += some.length;
  if (events !== EVENTS) throw new Error(`${events} events of ${EVENTS}`);
  return EVENTS / cpuSeconds(start);
}

function parseAlone(lines: readonly string[]): number {
  const start = process.cpuUsage();
  for (const line of lines) JSON.parse(line);
  return EVENTS / cpuSeconds(start);
}

async function* chunks(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
    yield await Promise.resolve(bytes.subarray(at, at + CHUNK_BYTES));
}

const text = (i: number, name: string, indent?: number): string => JSON.stringify(event(i, name), null, indent);
const make = (one: (i: number) => string, separator: string): string =>
  Array.from({ length: EVENTS }, (_, i) => one(i)).join(separator);
const compact = (i: number): string => text(i, 'Ada Example');
const pretty = (i: number): string => text(i, 'Ada Example', 2);

const formats: Record<string, () => string | Buffer> = {
  'JSON lines': () => make(compact, '\n'),
  'JSON lines, CRLF': () => make(compact, '\r\n'),
  'JSON lines, gzip': () => gzipSync(make(compact, '\n')),
  'JSON lines with names beyond ASCII': () => make((i) => text(i, 'Zoë Müller'), '\n'),
  concatenated: () => make(compact, ''),
  'array on one line': () => `[${make(compact, ',')}]`,
  'array, one event a line': () => `[\n${make(compact, ',\n')}\n]`,
  'objects, pretty-printed': () => make(pretty, '\n'),
  'no two delimiters alike (scanner only)': () => make((i) => compact(i) + ' '.repeat(1 + (i % 7)), ''),
};

const lines = Array.from({ length: EVENTS }, (_, i) => compact(i));
process.stdout.write(`${EVENTS} events of ${compact(0).length} bytes, node ${process.version}, best of ${ROUNDS}\n`);
process.stdout.write(`${'events per CPU second'.padEnd(40)} JSON.parse   decode  decode/JSON.parse\n`);
for (const [name, generate] of Object.entries(formats)) {
  const bytes = Buffer.from(generate());
  let [alone, decoded] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    alone = Math.max(alone, parseAlone(lines));
    decoded = Math.max(decoded, await measure(bytes));
  }
  const figures = [Math.round(alone).toString().padStart(10), Math.round(decoded).toString().padStart(8)];
  process.stdout.write(`${name.padEnd(40)} ${figures.join(' ')} ${(decoded / alone).toFixed(2).padStart(8)}\n`);
}
