/** Events per CPU second of JSON.parse alone and of decode() in every format, in one run: `node --import tsx bench/decode.ts [EVENTS]`. */
import { gzipSync } from 'node:zlib';
import { decode } from '../src/decode.js';

const CHUNK_BYTES = 256 * 1024;
const EVENTS = Number(process.argv[2] ?? 100_000);

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

function report(name: string, events: number, seconds: number, baseline?: number): number {
  const rate = events / seconds;
  const share = baseline === undefined ? '' : `  ${(rate / baseline).toFixed(2)} of JSON.parse`;
  process.stdout.write(
    `${name.padEnd(44)} ${Math.round(rate).toLocaleString('en').padStart(9)} events/CPU-s${share}\n`,
  );
  return rate;
}

async function* chunks(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
    yield await Promise.resolve(bytes.subarray(at, at + CHUNK_BYTES));
}

async function measure(name: string, bytes: Buffer, baseline: number): Promise<void> {
  const start = process.cpuUsage();
  let events = 0;
  const options = { maxEventBytes: 1 << 20, maxExpandedBytes: 2 ** 40, rejectRawBytes: 1 << 20 };
  const stream = decode(chunks(bytes), {
    resume: { offset: 0, arrayDepth: 0 },
    seeked: false,
    final: true,
    ...options,
  });
  for await (const decoded of stream) for (const one of decoded) if (one.kind === 'event') events++;
  if (events !== EVENTS) throw new Error(`${name}: ${events} events of ${EVENTS}`);
  report(name, events, cpuSeconds(start), baseline);
}

function parseAlone(lines: string[]): number {
  const start = process.cpuUsage();
  let keys = 0;
  for (const line of lines) keys += (JSON.parse(line) as { log: object }).log === undefined ? 0 : 1;
  return report('JSON.parse of lines', keys, cpuSeconds(start));
}

const ascii = Array.from({ length: EVENTS }, (_, i) => event(i, 'Ada Example'));
const lines = ascii.map((one) => JSON.stringify(one));
const jsonLines = Buffer.from(lines.join('\n') + '\n');
process.stdout.write(
  `${EVENTS} events, ${Math.round(jsonLines.length / EVENTS)} bytes each, node ${process.version}\n`,
);
parseAlone(lines);
const baseline = parseAlone(lines);
await measure('JSON lines', jsonLines, baseline);
await measure('JSON lines again', jsonLines, baseline);
await measure('JSON lines, CRLF', Buffer.from(lines.join('\r\n')), baseline);
await measure('concatenated', Buffer.from(lines.join('')), baseline);
await measure('array on one line', Buffer.from(`[${lines.join(',')}]`), baseline);
await measure('array, one event a line', Buffer.from(`[\n${lines.join(',\n')}\n]`), baseline);
await measure('array, pretty-printed', Buffer.from(JSON.stringify(ascii, null, 2)), baseline);
await measure(
  'objects, pretty-printed',
  Buffer.from(ascii.map((one) => JSON.stringify(one, null, 2)).join('\n')),
  baseline,
);
await measure(
  'no two delimiters alike (scanner)',
  Buffer.from(lines.map((line, i) => line + ' '.repeat(1 + (i % 7))).join('')),
  baseline,
);
await measure(
  'JSON lines with names beyond ASCII',
  Buffer.from(ascii.map((_, i) => JSON.stringify(event(i, 'Zoë Müller'))).join('\n')),
  baseline,
);
await measure('JSON lines, gzip', gzipSync(jsonLines), baseline);
