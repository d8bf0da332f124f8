import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until it has happened. False when it has not within so many milliseconds. */
export async function come(hasCome: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  const endMs = performance.now() + withinMs;
  while (!(await hasCome())) {
    if (performance.now() > endMs) return false;
    await sleep(20);
  }
  return true;
}
