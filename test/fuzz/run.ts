/** `npm run fuzz -- --seed S --minutes M`: looks for inputs that break what must always hold, and keeps what leads to new code. */
import { parseArgs } from 'node:util';
import { createRandom } from '../../src/sample/random.js';
import { Checker } from './check.js';
import { readCorpus, seeds, writeCorpus } from './corpus.js';
import { Coverage } from './coverage.js';
import { Fuzzer, type Failure } from './fuzzer.js';

const SAY_EVERY_MS = 15_000;
/** Failures with the same message are one fault; so many different ones are enough for a run. */
const MAX_FAILURES = 20;

const { values } = parseArgs({ options: { seed: { type: 'string' }, minutes: { type: 'string' } } });
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const untilMs = Date.now() + Number(values.minutes ?? 1) * 60_000;

const coverage = new Coverage();
const fuzzer = new Fuzzer(new Checker(), coverage, createRandom(seed));
const faults = new Set<string>();

function note(failures: readonly Failure[]): void {
  for (const { message, input } of failures) {
    // The figures in it differ from input to input.
    const fault = message.replaceAll(/[0-9a-f]{12}-[\w-]{32}|\d+/g, 'N');
    if (faults.has(fault)) continue;
    faults.add(fault);
    console.log(`FAULT: ${message}\n  seed ${seed}, input (base64): ${input.toString('base64')}`);
  }
}

note(await fuzzer.add([...seeds(), ...readCorpus()]));
let steps = 0;
let saidMs = 0;
while (Date.now() < untilMs && faults.size < MAX_FAILURES) {
  note(await fuzzer.step());
  steps += 1;
  if (Date.now() - saidMs < SAY_EVERY_MS) continue;
  saidMs = Date.now();
  console.log(`${steps} batches, ${fuzzer.kept.length} inputs kept, ${fuzzer.blocks} blocks, ${faults.size} faults`);
}
const kept = await fuzzer.distil();
writeCorpus(kept);
const bytes = kept.reduce((sum, input) => sum + input.length, 0);
console.log(
  `${steps} batches, seed ${seed}: ${kept.length} inputs in the corpus, ${bytes} bytes, ${faults.size} faults`,
);
coverage.close();
process.exitCode = faults.size === 0 ? 0 : 1;
