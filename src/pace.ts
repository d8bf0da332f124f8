import { Knob, type Direction } from './pace/knob.js';
import { Stretch } from './pace/stretch.js';

/** What came of one bulk request, as far as the pace goes. */
export interface Sent {
  /** On a steady clock, in milliseconds. */
  readonly startedMs: number;
  readonly endedMs: number;
  readonly items: number;
  /** Uncompressed. */
  readonly bytes: number;
  readonly kind: SentKind;
}

/**
 * `busy`: too much for it, or no answer in time. `ill`: it cannot work, whatever the size. `too_large`: refused for its size. `unclear`: says
 * nothing about what the cluster can do.
 */
export type SentKind = 'good' | 'busy' | 'ill' | 'too_large' | 'unclear';

/**
 * Finds out how many requests at a time, of how many bytes, the cluster takes best. Knows no clock: it learns from what came of requests alone.
 */
export interface Pace {
  /** How many batches may be under way. */
  readonly inFlight: number;
  /** At how many bytes a batch is to be closed. */
  readonly batchBytes: number;
  /** As measured last; 0 before. */
  readonly eventsPerSecond: number;
  /** A batch is full and has to wait for its place. */
  pressed(): void;
  note(sent: Sent): void;
}

export interface PaceBounds {
  readonly maxInFlight: number;
  readonly maxBytes: number;
}

/**
 * Climbs as long as that pays, one knob at a time: more requests, larger ones. A step up must bring some more bytes a second, a step down may cost
 * hardly any; so it comes to rest just where more would only wait in the cluster. Overload brings it down by a factor at once. Stretches in which the input
 * was the slower one teach nothing.
 */
export function createPace(bounds: PaceBounds): Pace {
  return new Climber(bounds);
}

interface Trial {
  readonly knob: Knob;
  readonly direction: Direction;
}

class Climber implements Pace {
  readonly #inFlight: Knob;
  readonly #bytes: Knob;
  readonly #trials: readonly Trial[];
  #stretch: Stretch;
  #trial: Trial | undefined;
  /** Bytes a millisecond outside of trials. */
  #usual: number | undefined;
  #changedMs = Number.NEGATIVE_INFINITY;
  #isWell = true;
  eventsPerSecond = 0;

  constructor({ maxInFlight, maxBytes }: PaceBounds) {
    this.#inFlight = new Knob({
      ...{ least: 1, most: maxInFlight, start: Math.min(START_IN_FLIGHT, maxInFlight) },
      step: (value) => Math.max(1, Math.round(value / 4)),
      // Few are better: more than needed only wait in the cluster.
      worth: { up: 1.05, down: 0.97 },
    });
    this.#bytes = new Knob({
      ...{ least: Math.min(LEAST_BYTES, maxBytes), most: maxBytes, start: Math.ceil(maxBytes / 2) },
      step: () => Math.ceil(maxBytes / 8),
      // Large ones are better: each request costs the cluster something of its own.
      worth: { up: 1, down: 1.03 },
    });
    const [inFlight, bytes] = [this.#inFlight, this.#bytes];
    this.#trials = [
      { knob: inFlight, direction: 'up' },
      { knob: bytes, direction: 'up' },
      { knob: inFlight, direction: 'down' },
      { knob: bytes, direction: 'down' },
    ];
    this.#stretch = new Stretch(inFlight.value);
  }

  get inFlight(): number {
    return this.#inFlight.value;
  }

  get batchBytes(): number {
    return this.#bytes.value;
  }

  pressed(): void {
    this.#stretch.pressed();
  }

  note(sent: Sent): void {
    switch (sent.kind) {
      case 'good':
        return this.#good(sent);
      case 'unclear':
        return this.#again();
      case 'busy':
      case 'ill':
        return this.#overloaded(sent);
      case 'too_large':
        return this.#tooLarge(sent);
    }
  }

  #good({ endedMs, bytes, items }: Sent): void {
    this.#stretch.add(endedMs, bytes, items);
    if (!this.#stretch.isLongEnough) return;
    const { bytesPerMs, eventsPerSecond, wasPressed } = this.#stretch;
    this.eventsPerSecond = eventsPerSecond;
    if (wasPressed) this.#learn(bytesPerMs, endedMs);
    this.#again();
  }

  #learn(rate: number, nowMs: number): void {
    this.#isWell = true;
    const usual = this.#usual;
    if (this.#trial) return this.#judge(this.#trial, rate / (usual ?? rate), rate);
    // With the same requests, answers take twice as long.
    if (usual !== undefined && rate < usual * SLOWED) {
      this.#inFlight.slowed();
      return this.#decreased(nowMs);
    }
    this.#usual = usual === undefined ? rate : usual + (rate - usual) * WEIGHT;
    for (const knob of [this.#inFlight, this.#bytes]) knob.tick();
    this.#try(this.#trials.find(({ knob, direction }) => knob.isDue(direction)));
  }

  #judge({ knob, direction }: Trial, gain: number, rate: number): void {
    if (!knob.isWorth(direction, gain)) {
      knob.turnBack(direction);
      this.#trial = undefined;
      return;
    }
    this.#usual = rate;
    knob.keep(direction);
    this.#try(knob.isDue(direction) ? { knob, direction } : undefined);
  }

  #try(trial: Trial | undefined): void {
    this.#trial = trial;
    trial?.knob.turn(trial.direction);
  }

  #overloaded({ startedMs, endedMs, kind }: Sent): void {
    // What was begun before the last decrease says nothing about it.
    if (startedMs < this.#changedMs) return;
    if (this.#inFlight.value > 1) this.#inFlight.overloaded(this.#isWell);
    else if (kind === 'busy') this.#bytes.overloaded(this.#isWell);
    this.#decreased(endedMs);
  }

  #tooLarge({ items, bytes, endedMs }: Sent): void {
    // One event that is too large says nothing, nor does a batch that was filled before the last decrease.
    if (items === 1 || bytes > this.#bytes.value) return this.#again();
    this.#bytes.overloaded(true, Math.floor(bytes / 2));
    this.#decreased(endedMs);
  }

  #decreased(nowMs: number): void {
    this.#isWell = false;
    this.#changedMs = nowMs;
    this.#trial = undefined;
    this.#usual = undefined;
    this.#again();
  }

  #again(): void {
    this.#stretch = new Stretch(this.#inFlight.value);
  }
}

const START_IN_FLIGHT = 2;
const LEAST_BYTES = 256 * 1024;
const SLOWED = 0.5;
const WEIGHT = 0.3;
