import { readFile, writeFile } from 'node:fs/promises';
import { packagePath } from '../src/package-root.js';
import { figuresOf, type Results } from './figures.js';

/** The ratio of a short run when it was recorded; it differs from that of a long one, where compiling weighs less. */
interface Floor {
  readonly oursToRaw: number;
}

const FILE = packagePath('bench/floor.json');
const CASE = 'ours/jsonl/plain';
const TOLERANCE = 0.25;

export async function recordFloor(results: Results): Promise<string> {
  const floor: Floor = { oursToRaw: Number(measured(results).toFixed(3)) };
  await writeFile(FILE, `${JSON.stringify(floor, null, 2)}\n`);
  return `recorded ours / raw = ${floor.oursToRaw}`;
}

/** @throws when the connector has become slower beside the raw loop than what is recorded allows. */
export async function checkFloor(results: Results): Promise<string> {
  const { oursToRaw } = JSON.parse(await readFile(FILE, 'utf8')) as Floor;
  const now = measured(results);
  const told = `ours / raw = ${now.toFixed(3)}, recorded ${oursToRaw}`;
  if (now >= oursToRaw * (1 - TOLERANCE)) return told;
  throw new Error(
    `${told}: more than ${TOLERANCE * 100} % slower. \`npm run bench -- --only stages\` shows where; ` +
      `if it is the price of something wanted, \`npm run bench -- --quick --record\` on a quiet machine and commit bench/floor.json.`,
  );
}

function measured(results: Results): number {
  const one = [...results.keys()].find(({ name }) => name === CASE);
  const ratio = one && figuresOf(one, results).toRaw?.median;
  if (ratio === undefined) throw new Error(`the floor is about ${CASE} and raw/jsonl/plain: measure both`);
  return ratio;
}
