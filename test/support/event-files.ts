import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { sampleFlows, SAMPLE_SEED } from '../../src/sample/events.js';

/** Time of the last sample event. */
export const sampleEnd = new Date('2026-02-03T04:05:06Z');

/** Realistic flows as JSON texts, all different; another seed gives others. */
export function sampleTexts(count: number, seed = SAMPLE_SEED): string[] {
  return [...sampleFlows({ seed, count, end: sampleEnd })];
}

/** The forms in which a file may hold its events. */
export const fileForms = {
  'lines.jsonl': (texts) => Buffer.from(`${texts.join('\n')}\n`),
  'lines.jsonl.gz': (texts) => gzipSync(`${texts.join('\n')}\n`),
  'array.json': (texts) => Buffer.from(`[\n  ${texts.join(',\n  ')}\n]\n`),
  'concatenated.json': (texts) => Buffer.from(texts.join('')),
  'members.gz': (texts) => Buffer.concat(texts.map((text) => gzipSync(text))),
  'bom-crlf.json': (texts) => Buffer.from(`\ufeff${texts.join('\r\n\r\n')}`),
} as const satisfies Record<string, (texts: readonly string[]) => Buffer>;

/** Deals the events out to one file of each form in `folder`. */
export async function writeEveryForm(folder: string, texts: readonly string[]): Promise<void> {
  const forms = Object.entries(fileForms);
  await Promise.all(
    forms.map(([name, write], form) =>
      writeFile(join(folder, name), write(texts.filter((_, i) => i % forms.length === form))),
    ),
  );
}

/** One file of JSON lines. */
export async function writeLines(path: string, texts: readonly string[]): Promise<void> {
  await writeFile(path, fileForms['lines.jsonl'](texts));
}
