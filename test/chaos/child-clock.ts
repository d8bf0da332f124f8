import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Moves what `Date` says, as the file says, a moment after it has changed. Timers and `performance` know nothing of it. */
const preload = `
import { readFileSync, writeFileSync } from 'node:fs';
const True = Date;
let shift = 0;
const look = () => {
  const text = readFileSync(process.env.CHAOS_CLOCK, 'utf8');
  if (text === '' || Number(text) === shift) return;
  shift = Number(text);
  writeFileSync(process.env.CHAOS_CLOCK + '.taken', text);
};
const now = () => True.now() + shift;
look();
setInterval(look, 50).unref();
globalThis.Date = new Proxy(True, {
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made),
  apply: () => new True(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
`;

/** The wall clock of a child process, which can be put forth and back while it runs. */
export class ChildClock {
  readonly #file: string;
  #shiftMs = 0;

  private constructor(file: string) {
    this.#file = file;
  }

  static async in(folder: string): Promise<ChildClock> {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'clock.mjs'), preload);
    const clock = new ChildClock(join(folder, 'clock'));
    await clock.set(0);
    return clock;
  }

  /** For the child's environment. */
  get env(): Record<string, string> {
    const module = pathToFileURL(this.#file).href;
    return { NODE_OPTIONS: `--import=${module}.mjs`, CHAOS_CLOCK: this.#file };
  }

  /** What the child takes for the time, in milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#shiftMs;
  }

  /** @param shiftMs milliseconds from the true time. */
  async set(shiftMs: number): Promise<void> {
    await writeFile(`${this.#file}.next`, String(shiftMs));
    await rename(`${this.#file}.next`, this.#file);
    this.#shiftMs = shiftMs;
  }

  /** Whether a child has taken the time that was set last, which is not the true one. */
  async isTaken(): Promise<boolean> {
    return (await readFile(`${this.#file}.taken`, 'utf8').catch(() => '')) === String(this.#shiftMs);
  }
}
