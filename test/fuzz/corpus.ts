import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const FOLDER = fileURLToPath(new URL('corpus/', import.meta.url));
const CASES = fileURLToPath(new URL('../cases/', import.meta.url));

/**
 * The inputs that are kept: small files, each of which runs something of the product that no other one does.
 * @throws when there are none: a test of an empty corpus would pass
 */
export function readCorpus(folder: string = FOLDER): Buffer[] {
  const names = readdirSync(folder).sort();
  if (names.length === 0) throw new Error(`the corpus is empty: ${folder}`);
  return names.map((name) => readFileSync(join(folder, name)));
}

/** Puts these inputs in the place of those that were kept. */
export function writeCorpus(inputs: readonly Buffer[]): void {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  for (const input of inputs) writeFileSync(FOLDER + nameOf(input), input);
}

/** What a run begins with besides the corpus: the cases of mapping, plain and gzipped. */
export function seeds(): Buffer[] {
  const cases = readdirSync(CASES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.input.json'))
    .sort()
    .map((name) => Buffer.from(JSON.stringify(JSON.parse(readFileSync(CASES + name, 'utf8')))));
  return [
    ...cases,
    gzipSync(cases[0] ?? ''),
    Buffer.from('[{"a":1},{"b":2}]'),
    Buffer.from('{"a":1}\n{"b":"\\u00e9"}\n'),
  ];
}

function nameOf(input: Buffer): string {
  return createHash('sha256').update(input).digest('hex').slice(0, 16);
}
