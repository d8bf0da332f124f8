import type { Dialect, Piece } from '../writer-dialect.js';
import type { Leaf } from '../writer-plan.js';
import type { Core } from './core.js';
import {
  MOST_OPEN,
  WRITE_CLOSE,
  WRITE_COMMA,
  WRITE_COPIED,
  WRITE_COPIED_MEMBER,
  WRITE_LIST,
  WRITE_MEMBERS,
  WRITE_OPEN,
  WRITE_PIECE,
  WRITE_PLACE,
  WRITE_READ_AT,
  WRITE_TEXT,
} from './ops.js';

/** What the document so far ends with: an open bracket, something that is closed, or one or the other. */
type State = 'open' | 'closed' | 'either';

/** A value that is put together from pieces. */
export type Composed =
  | { readonly kind: 'list'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'text'; readonly pieces: readonly (Piece | ComposedPlace)[] };

export interface ComposedPlace {
  readonly before: string;
  readonly name: Piece;
  readonly address: Piece;
}

/** Describes documents as words for the assembly. What is constant becomes one text with the constants behind it. */
export class WordsDialect implements Dialect<readonly number[]> {
  readonly #core: Core;
  readonly #copied: ReadonlyMap<string, number>;
  readonly #composed: ReadonlyMap<string, Composed>;
  #pending: string;
  #state: State = 'open';
  #depth = 0;
  /** The next member may be missing. */
  #sometimes = false;

  /**
   * @param begin of the document
   * @param copied by vendor field, the mark of its value
   * @param composed by variable
   */
  constructor(core: Core, begin: string, copied: ReadonlyMap<string, number>, composed: ReadonlyMap<string, Composed>) {
    this.#core = core;
    this.#pending = begin;
    this.#copied = copied;
    this.#composed = composed;
  }

  constant(members: string): number[][] {
    const words = this.#comma();
    this.#pending += members;
    this.#state = 'closed';
    return words;
  }

  open(key: string): number[][] {
    const text = `${JSON.stringify(key)}:{`;
    if (!this.#takeSometimes()) {
      const words = this.constant(text);
      this.#state = 'open';
      return words;
    }
    if (this.#depth === MOST_OPEN) throw new RangeError(`objects that may be missing are too deep at ${key}`);
    this.#depth++;
    const words = [...this.flush(), [WRITE_OPEN, ...this.#core.text(text)]];
    this.#state = 'open';
    return words;
  }

  close(): number[][] {
    this.#pending += '}';
    this.#state = 'closed';
    return [];
  }

  member(key: string, leaf: Leaf): number[][] {
    const name = `${JSON.stringify(key)}:`;
    const sometimes = this.#takeSometimes();
    const composed = this.#composed.get(leaf.variable ?? '');
    if (composed !== undefined) return this.#compose(name, composed);
    const copied = this.#copied.get(leaf.vendor ?? '');
    if (leaf.kind === 'fixed') return this.constant(name + leaf.text);
    if (copied === undefined && leaf.text !== 'readAt') throw new Error(`nobody makes ${key}`);
    const [before, behind] = leaf.kind === 'list' ? ['["', '"]'] : ['"', '"'];
    if (copied !== undefined && sometimes) {
      const texts = [...this.#core.text(name + before), ...this.#core.text(behind)];
      return [...this.#settle(), [WRITE_COPIED_MEMBER, copied, ...texts]];
    }
    const words = [...this.constant(name + before), ...this.flush()];
    words.push(copied === undefined ? [WRITE_READ_AT] : [WRITE_COPIED, copied]);
    this.#pending += behind;
    return words;
  }

  piece({ keeper, number }: Piece): number[][] {
    return [...this.#settle(), [WRITE_MEMBERS, keeper, number]];
  }

  when(_condition: string, write: () => number[][]): number[][] {
    const before = this.flush();
    const state = this.#state;
    this.#sometimes = true;
    const words = write();
    this.#sometimes = false;
    // An object that has no member at its end is taken back.
    if (words[0]?.[0] === WRITE_OPEN) {
      this.#pending = this.#pending.slice(0, -1);
      words.push(...this.flush(), [WRITE_CLOSE]);
      this.#depth--;
    } else words.push(...this.flush());
    this.#state = state === 'closed' ? 'closed' : 'either';
    return [...before, ...words];
  }

  /** Writes the constants that wait. */
  flush(): number[][] {
    const text = this.#pending;
    this.#pending = '';
    return text === '' ? [] : [[WRITE_TEXT, ...this.#core.text(text), this.#state === 'open' ? 0 : 1]];
  }

  #compose(name: string, composed: Composed): number[][] {
    if (composed.kind === 'list') {
      const pieces = composed.pieces.flatMap(({ keeper, number }) => [keeper, number]);
      return [...this.#settle(), [WRITE_LIST, ...this.#core.text(`${name}[`), composed.pieces.length, ...pieces]];
    }
    const words = [...this.constant(`${name}"`), ...this.flush()];
    for (const piece of composed.pieces) {
      if (!('before' in piece)) words.push([WRITE_PIECE, piece.keeper, piece.number]);
      else {
        const { before, name: first, address } = piece;
        const pieces = [first.keeper, first.number, address.keeper, address.number];
        words.push([WRITE_PLACE, ...this.#core.text(before), ...pieces]);
      }
    }
    this.#pending += '"';
    return words;
  }

  #takeSometimes(): boolean {
    const sometimes = this.#sometimes;
    this.#sometimes = false;
    return sometimes;
  }

  /** Before something that may be there or not. */
  #settle(): number[][] {
    const words = this.flush();
    if (this.#state === 'open') this.#state = 'either';
    return words;
  }

  #comma(): number[][] {
    if (this.#state === 'closed') this.#pending += ',';
    return this.#state === 'either' ? [...this.flush(), [WRITE_COMMA]] : [];
  }
}
