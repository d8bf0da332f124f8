import type { Random } from '../../src/sample/random.js';
import { runInput, type Checker } from './check.js';
import type { Coverage } from './coverage.js';
import { Broken } from './decode-oracle.js';
import { mutate } from './mutate.js';

/** An input for which something does not hold. */
export interface Failure {
  readonly input: Buffer;
  readonly message: string;
}

/** Inputs looked at together: most have nothing new, and asking V8 takes longer than running one. */
const BATCH = 32;

/**
 * A loop in the manner of AFL: an input made from a kept one is kept too when it makes code of the product run that did not
 * run before. The same seed, corpus and code make the same inputs.
 */
export class Fuzzer {
  readonly kept: Buffer[] = [];
  #known = new Set<string>();
  readonly #checker: Checker;
  readonly #coverage: Coverage;
  readonly #random: Random;

  constructor(checker: Checker, coverage: Coverage, random: Random) {
    this.#checker = checker;
    this.#coverage = coverage;
    this.#random = random;
  }

  get blocks(): number {
    return this.#known.size;
  }

  /** Takes inputs as they are, and keeps all of them. */
  async add(inputs: readonly Buffer[]): Promise<Failure[]> {
    this.kept.push(...inputs);
    for (const input of inputs) this.#learn(await this.#ran([input]));
    return this.#failures(inputs);
  }

  /** Makes new inputs and takes them. @returns what is wrong with any of them */
  async step(): Promise<Failure[]> {
    const other = (): Buffer => this.#random.pick(this.kept);
    const inputs = Array.from({ length: BATCH }, () => mutate(other(), this.#random, other));
    const ran = await this.#ran(inputs);
    if ([...ran].some((block) => !this.#known.has(block))) {
      for (const input of inputs) {
        if (this.#learn(await this.#ran([input]))) this.kept.push(input);
      }
    }
    return this.#failures(inputs);
  }

  /** The fewest of the kept inputs, as far as that is easily found, that run everything that all of them run. */
  async distil(): Promise<Buffer[]> {
    this.#known = new Set();
    const bySize = [...this.kept].sort((a, b) => a.length - b.length || a.compare(b));
    const needed: Buffer[] = [];
    for (const input of bySize) {
      const ran = await this.#ran([input]);
      const fresh = [...ran].filter((block) => !this.#known.has(block));
      this.#learn(ran);
      if (fresh.length > 0) needed.push(await this.#shortened(input, fresh));
    }
    return needed;
  }

  async #ran(inputs: readonly Buffer[]): Promise<Set<string>> {
    this.#coverage.take();
    for (const input of inputs) await runInput(input).catch(onlyBroken);
    return this.#coverage.take();
  }

  #learn(ran: ReadonlySet<string>): boolean {
    const before = this.#known.size;
    for (const block of ran) this.#known.add(block);
    return this.#known.size > before;
  }

  async #failures(inputs: readonly Buffer[]): Promise<Failure[]> {
    const failures: Failure[] = [];
    for (const input of inputs) {
      const error = await this.#checker.check(input).then(() => undefined, onlyBroken);
      if (error !== undefined) failures.push({ input, message: error.message });
    }
    return failures;
  }

  /** Without pieces that the blocks wanted do not need. */
  async #shortened(input: Buffer, wanted: readonly string[]): Promise<Buffer> {
    let best = input;
    for (let size = input.length >> 1; size >= 64; size >>= 1) {
      for (let at = 0; at + size <= best.length;) {
        const shorter = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
        const ran = await this.#ran([shorter]);
        if (wanted.every((block) => ran.has(block))) best = shorter;
        else at += size;
      }
    }
    return best;
  }
}

function onlyBroken(error: unknown): Broken {
  if (error instanceof Broken) return error;
  throw error;
}
