import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const PIECES = 4;
const BETWEEN_MS = 100;

/** Writes a file under its name at once, in pieces: who looks meanwhile sees a part of it. */
export async function writeSlowly(path: string, body: Buffer): Promise<void> {
  const file = await open(path, 'a');
  const size = Math.ceil(body.length / PIECES);
  for (let at = 0; at < body.length; at += size) {
    await file.appendFile(body.subarray(at, at + size));
    await sleep(BETWEEN_MS);
  }
  await file.close();
}
