import { Session, type Profiler } from 'node:inspector';

/** What of the product is looked at: the stages from bytes to bulk bodies, and the code that the mapper compiles. */
const WATCHED = /\/src\/(?:decode|map|validate|batch)[./]|(?:writer|canonical)-of-/;

/** Which blocks of the product's code run, by V8's own counters. */
export class Coverage {
  readonly #session = new Session();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** The blocks that ran since the last call. It takes milliseconds, so inputs are looked at in batches. */
  take(): Set<string> {
    const found = new Set<string>();
    for (const { url, functions } of this.#scripts()) {
      if (!WATCHED.test(url)) continue;
      const name = url.slice(url.lastIndexOf('/') + 1);
      for (const { ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges) {
          if (count > 0) found.add(`${name}:${startOffset}:${endOffset}`);
        }
      }
    }
    return found;
  }

  close(): void {
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }

  #scripts(): Profiler.ScriptCoverage[] {
    let scripts: Profiler.ScriptCoverage[] = [];
    // Within one thread the answer comes before `post` returns.
    this.#session.post('Profiler.takePreciseCoverage', (error, answer) => {
      if (error !== null) throw error;
      scripts = answer.result;
    });
    return scripts;
  }
}
