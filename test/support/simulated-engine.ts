import { createPace, type Pace, type SentKind } from '../../src/pace.js';

/** An engine on paper: how many requests it works on at a time, and how long each takes. */
export interface Strength {
  /** Requests it works on at the same time; more only wait. */
  readonly workers: number;
  /** Milliseconds a request costs beside its bytes. */
  readonly overheadMs: number;
  readonly bytesPerMs: number;
  /** So many requests may wait; more get a 429. No bound by default. */
  readonly queue?: number;
  /** Larger bodies get a 413. */
  readonly maxBytes?: number;
  /** Every request gets a 503. */
  readonly isAway?: boolean;
}

export interface Simulation {
  readonly maxInFlight: number;
  readonly maxBytes: number;
  /** For how long, in seconds. */
  readonly seconds: number;
  readonly seed: number;
  /** The engine as it is at a time, in seconds. */
  readonly engine: (second: number) => Strength;
  /** How much requests of the same size differ: the standard deviation of a logarithm. */
  readonly noise?: number;
  /** How long it takes to fill a MiB of a batch, in milliseconds. */
  readonly fillMs?: number;
}

/** How things stand at the end of a second. */
export interface Second {
  readonly inFlight: number;
  readonly batchBytes: number;
  /** Bytes stored up to here. */
  readonly done: number;
}

const MIB = 1024 * 1024;
const RTT_MS = 1;
const RETRY_MS = 250;

/** Ships as `run` does, from an input without end, through a pace to a simulated engine; gives what each second was like. */
export function simulate(simulation: Simulation): Second[] {
  const { noise = 0.1, fillMs = 5, seconds } = simulation;
  const random = generator(simulation.seed);
  const pace: Pace = createPace(simulation);
  const timers: { at: number; fire: () => void }[] = [];
  const after = (ms: number, fire: () => void): void => void timers.push({ at: now + ms, fire });
  const engine = (): Strength => simulation.engine(now / 1000);
  const queued: (() => void)[] = [];
  const gone: Second[] = [];
  let now = 0;
  let done = 0;
  let running = 0;
  let working = 0;
  let isFilling = false;
  let full: number | undefined;

  const fill = (): void => {
    if (isFilling || full !== undefined) return;
    isFilling = true;
    const bytes = pace.batchBytes;
    after((fillMs * bytes) / MIB, () => {
      isFilling = false;
      full = bytes;
      if (running >= pace.inFlight) pace.pressed();
      advance();
    });
  };
  const advance = (): void => {
    if (full !== undefined && running < pace.inFlight) {
      const bytes = full;
      full = undefined;
      running += 1;
      send(bytes);
    }
    fill();
  };
  const send = (bytes: number): void => {
    const startedMs = now;
    const end = (kind: SentKind): void =>
      after(RTT_MS, () => {
        pace.note({ startedMs, endedMs: now, items: Math.ceil(bytes / 2000), bytes, kind });
        if (kind === 'too_large') return send(bytes / 2);
        if (kind !== 'good') return after(RETRY_MS * random(), () => send(bytes));
        done += bytes;
        running -= 1;
        advance();
      });
    const { isAway, workers, queue = Infinity, maxBytes = Infinity } = engine();
    if (isAway) end('ill');
    else if (bytes > maxBytes) end('too_large');
    else if (working < workers) work(bytes, end);
    else if (queued.length < queue) queued.push(() => work(bytes, end));
    else end('busy');
  };
  const work = (bytes: number, end: (kind: SentKind) => void): void => {
    working += 1;
    const { overheadMs, bytesPerMs } = engine();
    after((overheadMs + bytes / bytesPerMs) * Math.exp(noise * normal(random)), () => {
      working -= 1;
      while (working < engine().workers && queued.length > 0) queued.shift()?.();
      end('good');
    });
  };

  advance();
  while (gone.length < seconds) {
    timers.sort((a, b) => b.at - a.at);
    const next = timers.pop();
    if (next === undefined) throw new Error('the simulation stands still');
    now = next.at;
    while (gone.length < seconds && now >= (gone.length + 1) * 1000)
      gone.push({ inFlight: pace.inFlight, batchBytes: pace.batchBytes, done });
    next.fire();
  }
  return gone;
}

/** Mulberry32: numbers from 0 to 1. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
