import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until it has happened, with a look every so often. False when it has not within so many milliseconds. */
export async function come(
  hasCome: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 20,
): Promise<boolean> {
  const endMs = performance.now() + withinMs;
  while (!(await hasCome())) {
    if (performance.now() > endMs) return false;
    await sleep(everyMs);
  }
  return true;
}
