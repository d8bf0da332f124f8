import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { SAMPLE_SEED, sampleEvents } from '../src/sample/events.js';

/** The same events twice: files of JSON lines in one folder, the same files gzipped in another. */
export interface Dataset {
  readonly events: number;
  /** Of the JSON lines. */
  readonly bytes: number;
  readonly folders: Readonly<Record<Form, string>>;
}

export type Form = 'jsonl' | 'gz';

/** Made-up events, the same each time but for their times: those of the last `periodMs`. */
export function* timedEvents(count: number, periodMs: number): Generator<string> {
  const end = Date.now();
  let done = 0;
  for (const text of sampleEvents({ seed: SAMPLE_SEED, count, end: new Date(end) }))
    yield timed(text, end - (1 - ++done / count) * periodMs);
}

const EVENTS_PER_FILE = 10_000;
/** The connector asks the cluster for events that are older than an hour; Log Streaming delivers within minutes. */
export const PERIOD_MS = 10 * 60 * 1000;

/** Writes the events into `folder`, in several files, as a bucket has them. Only their times depend on when that is. */
export async function writeDataset(folder: string, events: number): Promise<Dataset> {
  const texts = timedEvents(events, PERIOD_MS);
  const folders = { jsonl: join(folder, 'jsonl'), gz: join(folder, 'gz') };
  let bytes = 0;
  await Promise.all(Object.values(folders).map((one) => mkdir(one)));
  for (let from = 0; from < events; from += EVENTS_PER_FILE) {
    const count = Math.min(EVENTS_PER_FILE, events - from);
    const lines = Array.from({ length: count }, () => `${texts.next().value as string}\n`);
    const content = Buffer.from(lines.join(''));
    const name = `events-${String(from / EVENTS_PER_FILE).padStart(4, '0')}.jsonl`;
    await writeFile(join(folders.jsonl, name), content);
    await writeFile(join(folders.gz, `${name}.gz`), gzipSync(content));
    bytes += content.length;
  }
  return { events, bytes, folders };
}

/** The sample's day, told in a few minutes. */
function timed(event: string, millis: number): string {
  const micros = String(Math.floor((millis % 1) * 1000)).padStart(3, '0');
  const time = new Date(Math.floor(millis)).toISOString().replace('Z', `${micros}Z`);
  return event.replace(/"timestamp":"[^"]*"/, `"timestamp":"${time}"`);
}
