import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is the one expected; the test's own timeout ends it when that never comes. */
export async function eventually<T>(ask: () => Promise<T>, expected: T): Promise<void> {
  while ((await ask()) !== expected) await sleep(50);
}
