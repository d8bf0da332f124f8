import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RejectRecord } from '../../src/record.js';
import { openRejectStore, toRejectRecord, type RejectStore } from '../../src/reject.js';

/** A record of a rejected piece with this text. */
export function rejectOf(text: string, start = 0): RejectRecord {
  const raw = Buffer.from(text);
  const end = { offset: start, arrayDepth: 0 };
  const piece = { kind: 'reject', reason: 'invalid_json', detail: 'why', raw, length: raw.length, start, end } as const;
  return toRejectRecord(piece, { input: 'file', path: '/var/log/a.json' }, '2026-01-02T03:04:05.000Z');
}

/** Where a store has its records. */
export function rejectFile(dataDir: string): string {
  return join(dataDir, 'rejects', 'rejects.jsonl');
}

/** What a store gives back, as another process sees it: the texts, and how many lines are damaged. */
export async function rejectsIn(dataDir: string): Promise<{ records: RejectRecord[]; damaged: string[] }> {
  const damaged: string[] = [];
  const records: RejectRecord[] = [];
  for await (const record of (await openRejectStore(dataDir)).read((place) => damaged.push(place)))
    records.push(record);
  return { records, damaged };
}

export async function textsIn(dataDir: string): Promise<(string | undefined)[]> {
  return (await rejectsIn(dataDir)).records.map(({ event }) => event);
}

/** Appends records, durably. */
export async function keep(store: RejectStore, ...records: readonly RejectRecord[]): Promise<void> {
  store.append(...records);
  await store.flush();
}

/** The lines of a file as they are, without the last newline. */
export async function linesOf(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8')).trimEnd().split('\n');
}
