import type { ObjectNotice } from './notification.js';
import { Recent } from './recent.js';

const MOST = 20_000;

/**
 * The objects this process has lately read, so that a message that comes again does not have them read again. Bounded: what
 * is forgotten may be read again, which is harmless, as its events are known by their ids.
 */
export class KnownObjects {
  readonly #known: Recent<'begun' | 'done'>;
  readonly #keys: Recent<true>;

  constructor(most = MOST) {
    this.#known = new Recent(most);
    this.#keys = new Recent(most);
  }

  /** `begun`: some of its events may be stored. */
  stateOf(notice: ObjectNotice): 'begun' | 'done' | undefined {
    const name = nameOf(notice);
    return name === undefined ? undefined : this.#known.get(name);
  }

  /** It was begun in some version: another one may hold the same events, and more. */
  has({ bucket, key }: ObjectNotice): boolean {
    return this.#keys.get(JSON.stringify([bucket, key])) !== undefined;
  }

  note(notice: ObjectNotice, state: 'begun' | 'done'): void {
    this.#keys.set(JSON.stringify([notice.bucket, notice.key]), true);
    const name = nameOf(notice);
    if (name !== undefined) this.#known.set(name, state);
  }
}

/** An object that was written anew is another one. Undefined when the notification does not tell it from what it was before. */
function nameOf({ bucket, key, etag, sequencer }: ObjectNotice): string | undefined {
  const version = sequencer ?? etag;
  return version === undefined ? undefined : JSON.stringify([bucket, key, version]);
}
