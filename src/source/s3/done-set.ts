import type { JsonObject } from '../../record.js';
import { DIGEST_LENGTH } from './listing.js';

const HOUR_MS = 3_600_000;

/** Digests of objects, joined to one text for each hour (since 1970) of their modification: 16 bytes an object on disk. */
export interface DoneByHour extends JsonObject {
  [hour: string]: string;
}

/** The objects that are known to be done one by one. What is kept of them is `byHour`, which is changed in place. */
export class DoneSet {
  readonly #byHour: DoneByHour;
  readonly #known = new Set<string>();

  constructor(byHour: DoneByHour) {
    this.#byHour = byHour;
    for (const joined of Object.values(byHour)) for (const digest of split(joined)) this.#known.add(digest);
  }

  has(digest: string): boolean {
    return this.#known.has(digest);
  }

  add(digest: string, ms: number): void {
    if (this.#known.has(digest)) return;
    this.#known.add(digest);
    const hour = Math.floor(ms / HOUR_MS);
    this.#byHour[hour] = (this.#byHour[hour] ?? '') + digest;
  }

  /** Adds it anew where it was known before, so that it is forgotten later. */
  renew(digest: string, ms: number): void {
    if (this.#known.delete(digest))
      for (const [hour, joined] of Object.entries(this.#byHour))
        this.#byHour[hour] = [...split(joined)].filter((one) => one !== digest).join('');
    this.add(digest, ms);
  }

  /** Forgets the hours that were over before `ms`. */
  forgetBefore(ms: number): void {
    for (const [hour, joined] of Object.entries(this.#byHour)) {
      if ((Number(hour) + 1) * HOUR_MS > ms) continue;
      for (const digest of split(joined)) this.#known.delete(digest);
      Reflect.deleteProperty(this.#byHour, hour);
    }
  }
}

function* split(joined: string): Generator<string> {
  for (let at = 0; at < joined.length; at += DIGEST_LENGTH) yield joined.slice(at, at + DIGEST_LENGTH);
}
