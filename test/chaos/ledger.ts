import { isDeepStrictEqual } from 'node:util';
import type { Given } from './events.js';
import type { JsonObject } from '../../src/record.js';
import type { StoredDocument } from './store.js';

/** Something that was set aside instead of stored. */
export interface SetAside {
  /** Of the document it would have been; undefined for what is no event. */
  readonly id?: string | undefined;
  /** What was read, where it is no event. */
  readonly text?: string | undefined;
  /** HTTP status of the engine's answer. */
  readonly status?: number | undefined;
  readonly reason: string;
}

/** What became of all that was given. Everything but `examples` is a count of events. */
export interface Account {
  readonly given: number;
  /** Distinct events of those given that the engine has. */
  readonly stored: number;
  /** Copies of events beyond the first, over all backing indices. */
  readonly twice: number;
  /** Neither stored nor set aside. */
  readonly missing: number;
  /** Set aside with the engine's reason, as it refused them. */
  readonly refused: number;
  /** Refused, and not stored either when the cause was mended and they were shipped again. */
  readonly unreplayed: number;
  /** Should have been set aside as refused, and was not. */
  readonly unrefused: number;
  /** Set aside although the engine would have stored them. */
  readonly givenUp: number;
  /** Documents that nobody has given. */
  readonly strangers: number;
  /** Pieces that are no events: given, and set aside. */
  readonly junk: number;
  readonly junkSetAside: number;
  /** Set aside, and neither an event that was given, nor the beginning of one, nor a piece of junk. */
  readonly oddities: number;
  /** Set aside more than once: told, but no fault, since a file and its copy (copytruncate) each give what they hold. */
  readonly asideTwice: number;
  /** Beginnings of events that are also stored whole: a writer paused in their middle. */
  readonly halves: number;
  /** Stored otherwise than the library makes them, among those compared. */
  readonly altered: number;
  /** Documents that were compared field by field. */
  readonly compared: number;
  /** Given within an hour of their time, as the connector's clock had it: they are stored without being looked up. */
  readonly fresh: number;
  /** Of each fault a few, for the person who looks for its cause. */
  readonly examples: readonly string[];
}

const EXAMPLES = 5;
/** One document of so many is compared field by field. */
const COMPARED_EVERY = 10;
const HOUR_MS = 60 * 60 * 1000;
/** Shares below it would leave the way untried that nearly all real events go. */
const LEAST_FRESH = 0.6;
/** A beginning of an event that is shorter could be that of any. */
const HALF_CHARS = 60;

interface Entry extends Omit<Given, 'source'> {
  /** Of those to be compared. */
  readonly source: string | undefined;
}

/** Knows what was given, and compares it with what the engine has. */
export class Ledger {
  readonly #given = new Map<string, Entry>();
  readonly #junk = new Set<string>();
  readonly #now: () => number;
  /** Backing index by id, of the last audit. */
  #stored: ReadonlyMap<string, string> = new Map();
  #fresh = 0;

  /** @param now the connector's clock, in milliseconds since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  give(event: Given): void {
    const source = this.#given.size % COMPARED_EVERY === 0 ? event.source : undefined;
    this.#given.set(event.id, { ...event, source });
    if (Math.abs(event.timeMs - this.#now()) < HOUR_MS) this.#fresh += 1;
  }

  /** A line that is no event: to be found among what is set aside. */
  giveJunk(text: string): void {
    this.#junk.add(text);
  }

  get size(): number {
    return this.#given.size;
  }

  /** How many of the events given the engine refuses. */
  get refusals(): number {
    return [...this.#given.values()].filter(({ refused }) => refused).length;
  }

  /** The last audit has found the event. */
  isStored(id: string): boolean {
    return this.#stored.has(id);
  }

  /** @param documents every document of every backing index. */
  async audit(
    documents: AsyncIterable<StoredDocument> | Iterable<StoredDocument>,
    setAside: readonly SetAside[],
  ): Promise<Account> {
    const examples: string[] = [];
    const counts = new Map<string, number>();
    const note = (what: string, about: string): void => {
      const count = (counts.get(what) ?? 0) + 1;
      counts.set(what, count);
      if (count <= EXAMPLES && !unremarkable.has(what)) examples.push(`${what}: ${about}`);
    };
    const stored = new Map<string, string>();
    this.#stored = stored;
    for await (const { stream, backing, id, source } of documents) {
      const first = stored.get(id);
      const given = this.#given.get(id);
      if (given?.index !== stream) note('stranger', `${id} in ${backing}`);
      else if (first !== undefined) note('twice', `${id} in ${first} and ${backing}`);
      else {
        stored.set(id, backing);
        if (given.source === undefined) continue;
        note('compared', id);
        const made = lasting(JSON.parse(given.source) as JsonObject);
        if (!isDeepStrictEqual(lasting(source), made)) note('altered', `${id}: ${JSON.stringify(source)}`);
      }
    }
    const aside = new Map<string, SetAside>();
    for (const one of setAside) {
      if (one.id === undefined) continue;
      if (aside.has(one.id)) note('aside twice', one.id);
      aside.set(one.id, one);
    }
    for (const { id, refused, text } of this.#given.values()) {
      const one = aside.get(id);
      if (one === undefined && !stored.has(id)) note('missing', `${id}: ${text}`);
      if (one === undefined) {
        if (refused) note('unrefused', id);
      } else if (refused && one.status === 400) {
        note('refused', `${id}: ${one.reason}`);
        if (!stored.has(id)) note('unreplayed', id);
      } else note('given up', `${id}: ${one.status} ${one.reason}`);
    }
    const junkSetAside = new Set<string>();
    const texts = new Set([...this.#given.values()].map(({ text }) => text.slice(0, HALF_CHARS)));
    for (const { id, text = '', reason } of setAside) {
      if (id !== undefined && this.#given.has(id)) continue;
      if (id === undefined && this.#junk.has(text)) {
        if (junkSetAside.has(text)) note('aside twice', text);
        junkSetAside.add(text);
      } else if (reason.startsWith('truncated') && texts.has(text.slice(0, HALF_CHARS))) note('half', text);
      else note('oddity', `${reason}: ${text.slice(0, 200)}`);
    }
    const of = (what: string): number => counts.get(what) ?? 0;
    return {
      ...{ given: this.#given.size, stored: stored.size, twice: of('twice'), missing: of('missing') },
      ...{
        refused: of('refused'),
        unrefused: of('unrefused'),
        unreplayed: of('unreplayed'),
        givenUp: of('given up'),
        strangers: of('stranger'),
      },
      ...{ junk: this.#junk.size, junkSetAside: junkSetAside.size, oddities: of('oddity'), examples },
      ...{ asideTwice: of('aside twice'), halves: of('half'), compared: of('compared'), altered: of('altered') },
      fresh: this.#fresh,
    };
  }
}

const unremarkable = new Set(['refused', 'compared', 'half']);

/** A document without what tells when it was read and from where, as entries in the order of their names. */
function lasting({ event, ...others }: JsonObject): [string, unknown][] {
  const lasts = { ...others, event: { ...(event as JsonObject), created: null, ingested: null }, aws: null, log: null };
  return Object.entries(lasts).sort();
}

/** What an account says against whom it is about; none when nothing is lost, doubled or set aside without need. */
export function complaints(account: Account): string[] {
  const { missing, twice, strangers, givenUp, unrefused, unreplayed, junk, junkSetAside } = account;
  const counts = { missing, 'stored twice': twice, 'that nobody gave': strangers, 'set aside without need': givenUp };
  const others = {
    'not set aside as refused': unrefused,
    'not replayed': unreplayed,
    'pieces of junk not set aside': junk - junkSetAside,
    'set aside that nobody gave': account.oddities,
    'stored with another content': account.altered,
  };
  const found = Object.entries({ ...counts, ...others })
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`);
  const { fresh, given } = account;
  return fresh < given * LEAST_FRESH ? [...found, `only ${fresh} of ${given} events were young`] : found;
}
