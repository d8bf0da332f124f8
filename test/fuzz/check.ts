import type { DecodedEvent, Decoded, MappedEvent } from '../../src/record.js';
import { Broken, checkDecoded, decodeWhole } from './decode-oracle.js';
import { checkMapped, checkRecognized, mapEvents } from './map-oracle.js';

interface Outcome {
  readonly found: readonly Decoded[];
  readonly events: readonly DecodedEvent[];
  readonly mapped: readonly MappedEvent[];
}

/** Takes an input through decoding and mapping. @throws Broken when that throws */
export async function runInput(input: Buffer): Promise<Outcome> {
  return asBroken(async () => {
    const found = await decodeWhole(input);
    const events = found.filter(isEvent);
    return { found, events, mapped: mapEvents(events) };
  });
}

/** Demands of inputs what must always hold. */
export class Checker {
  #seen = new Map<string, string>();

  /** @throws Broken */
  async check(input: Buffer): Promise<void> {
    // Values of every event ever seen would fill the memory of a long run.
    if (this.#seen.size > 100_000) this.#seen = new Map();
    const { found, events, mapped } = await runInput(input);
    await asBroken(async () => {
      await checkDecoded(input, found);
      await checkRecognized(input);
      checkMapped(events, mapped, this.#seen);
    });
  }
}

function isEvent(one: Decoded): one is DecodedEvent {
  return one.kind === 'event';
}

async function asBroken<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Broken) throw error;
    throw new Broken(`threw ${String(error)}`, { cause: error });
  }
}
