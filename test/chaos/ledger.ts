import type { Given } from './events.js';
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
  /** Set aside, and neither an event that was given nor a piece of junk. */
  readonly oddities: number;
  /** Of each fault a few, for the person who looks for its cause. */
  readonly examples: readonly string[];
}

const EXAMPLES = 5;

/** Knows what was given, and compares it with what the engine has. */
export class Ledger {
  readonly #given = new Map<string, Given>();
  readonly #junk = new Set<string>();

  give(event: Given): void {
    this.#given.set(event.id, event);
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
      if (count <= EXAMPLES && what !== 'refused') examples.push(`${what}: ${about}`);
    };
    const stored = new Map<string, string>();
    for await (const { stream, backing, id } of documents) {
      const first = stored.get(id);
      if (this.#given.get(id)?.index !== stream) note('stranger', `${id} in ${backing}`);
      else if (first !== undefined) note('twice', `${id} in ${first} and ${backing}`);
      else stored.set(id, backing);
    }
    const aside = new Map(setAside.flatMap((one) => (one.id === undefined ? [] : [[one.id, one]])));
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
    for (const { id, text = '', reason } of setAside) {
      if (id === undefined && this.#junk.has(text)) junkSetAside.add(text);
      else if (id === undefined || !this.#given.has(id)) note('oddity', `${reason}: ${text.slice(0, 200)}`);
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
    };
  }
}

/** What an account says against whom it is about; none when nothing is lost, doubled or set aside without need. */
export function complaints(account: Account): string[] {
  const { missing, twice, strangers, givenUp, unrefused, unreplayed, junk, junkSetAside } = account;
  const counts = { missing, 'stored twice': twice, 'that nobody gave': strangers, 'set aside without need': givenUp };
  const others = {
    'not set aside as refused': unrefused,
    'not replayed': unreplayed,
    'pieces of junk not set aside': junk - junkSetAside,
  };
  return Object.entries({ ...counts, ...others })
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`);
}
