/** Work that runs side by side and is reported in the order in which it came. */
export interface InOrder<R> {
  /**
   * Takes its place in the order at once, and resolves when `work` has been started: back-pressure. False when it was
   * not, because a result before it was not finished. Of work that has ended its result alone is kept.
   * @throws what any work or report before it threw; then nothing more is started or reported.
   */
  push(work: () => Promise<R>): Promise<boolean>;
  /** Resolves to true when all is reported; to false when `stopped` fires first or unfinished work holds the rest. Throws as `push`. */
  drain(stopped?: AbortSignal): Promise<boolean>;
  /** Taken and not reported yet. */
  readonly size: number;
}

export interface InOrderOptions<R> {
  /** How much work may run at the same time, now: asked whenever there is something to start. What runs beyond it goes on. */
  readonly limit: () => number;
  /** How much may be taken but not reported, finished work behind a slow one included; twice the limit by default. */
  readonly window?: () => number;
  /** Called when work has to wait for its place. */
  readonly onFull?: () => void;
  /** False for a result that nothing after it may pass: it and all later ones are never reported. */
  readonly isFinished: (result: R) => boolean;
  /** Called strictly in the order of `push`, one at a time: a checkpoint written here never passes unfinished work. */
  readonly onDone: (result: R) => void | Promise<void>;
}

interface Waiting<R> {
  readonly work: () => Promise<R>;
  readonly settle: (started: boolean) => void;
}

/** The place of work that was started. */
interface Taken<R> {
  result?: { readonly value: R };
}

export function createInOrder<R>(options: InOrderOptions<R>): InOrder<R> {
  return new Queue(options);
}

class Queue<R> implements InOrder<R> {
  readonly #options: Required<InOrderOptions<R>>;
  /** Under way or finished, then those that wait for a place; both in the order of `push`. */
  readonly #taken: Taken<R>[] = [];
  readonly #waiting: Waiting<R>[] = [];
  #running = 0;
  #reporting = false;
  /** A result was not finished: nothing more is started, and … */
  #ended = false;
  /** … it is the next in order: nothing more is reported. */
  #held = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void)[] = [];

  constructor(options: InOrderOptions<R>) {
    this.#options = { window: () => options.limit() * 2, onFull: () => undefined, ...options };
  }

  get size(): number {
    return this.#taken.length + this.#waiting.length;
  }

  async push(work: () => Promise<R>): Promise<boolean> {
    const started = await new Promise<boolean>((settle) => {
      this.#waiting.push({ work, settle });
      this.#advance();
      if (this.#waiting.length > 0) this.#options.onFull();
    });
    this.#check();
    return started;
  }

  async drain(stopped?: AbortSignal): Promise<boolean> {
    while (!this.#isQuiet() && stopped?.aborted !== true) await this.#change(stopped);
    this.#check();
    return this.#isQuiet() && !this.#held;
  }

  /** Nothing more will happen by itself. */
  #isQuiet(): boolean {
    return this.#failure !== undefined || (this.#running === 0 && !this.#reporting && (this.#held || this.size === 0));
  }

  #check(): void {
    if (this.#failure) throw this.#failure.error;
  }

  /** Starts what has a place, and reports what is next in order. */
  #advance(): void {
    if (this.#ended || this.#failure) for (const { settle } of this.#waiting.splice(0)) settle(false);
    while (this.#running < this.#options.limit() && this.#taken.length < this.#options.window()) {
      const next = this.#waiting.shift();
      if (!next) break;
      const taken: Taken<R> = {};
      this.#taken.push(taken);
      void this.#run(next.work, taken);
      next.settle(true);
    }
    if (!this.#reporting && !this.#held && !this.#failure && this.#taken[0]?.result) void this.#report();
    for (const wake of this.#wake.splice(0)) wake();
  }

  async #run(work: () => Promise<R>, taken: Taken<R>): Promise<void> {
    this.#running += 1;
    try {
      const value = await work();
      taken.result = { value };
      this.#ended ||= !this.#options.isFinished(value);
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#running -= 1;
    this.#advance();
  }

  async #report(): Promise<void> {
    this.#reporting = true;
    try {
      for (let first = this.#taken[0]; first?.result && !this.#failure; first = this.#taken[0]) {
        this.#held = !this.#options.isFinished(first.result.value);
        if (this.#held) break;
        await this.#options.onDone(first.result.value);
        this.#taken.shift();
        this.#advance();
      }
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#reporting = false;
    this.#advance();
  }

  #change(stopped: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        stopped?.removeEventListener('abort', done);
        resolve();
      };
      this.#wake.push(done);
      stopped?.addEventListener('abort', done, { once: true });
    });
  }
}
