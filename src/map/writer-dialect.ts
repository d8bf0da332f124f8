import { CLOSED, CLOSE_OBJECT, before, openObject, writeMember } from './pieces.js';
import type { Leaf } from './writer-plan.js';

/** What is kept of one or more members: JSON text without commas around it, or nothing. */
export interface Piece {
  /** Number of what keeps it. */
  readonly keeper: number;
  readonly number: number;
}

/**
 * How steps that write a document look. Calls come in the order in which things stand in the document; each gives the steps
 * for one of them.
 */
export interface Dialect<Step> {
  /** @param members one or more of an object, as JSON text */
  constant(members: string): Step[];
  open(key: string): Step[];
  close(): Step[];
  member(key: string, leaf: Leaf): Step[];
  piece(piece: Piece): Step[];
  /** @param write a whole member, if the condition holds */
  when(condition: string, write: () => Step[]): Step[];
}

/** Puts texts together, in `s`; in `end` what it ends with. */
export class TextDialect implements Dialect<string> {
  readonly #escape: boolean;

  /** @param escape whether strings may hold characters that JSON escapes */
  constructor(escape = false) {
    this.#escape = escape;
  }

  constant(members: string): string[] {
    return [`s = s + ${before(members)}; end = ${CLOSED};`];
  }

  open(key: string): string[] {
    return [openObject(key)];
  }

  close(): string[] {
    return [CLOSE_OBJECT];
  }

  member(key: string, { kind, text }: Leaf): string[] {
    if (kind === 'string' && !this.#escape) return [writeMember(key, 'string', text)];
    const json =
      kind === 'string'
        ? `JSON.stringify(${text})`
        : kind === 'list'
          ? `quoteList(${text})`
          : kind === 'fixed'
            ? JSON.stringify(text)
            : text;
    return [writeMember(key, 'json', json)];
  }

  piece({ keeper, number }: Piece): string[] {
    const expression = `m${keeper}.p${number}`;
    return [`if (${expression} !== '') { s = s + ${before('')} + ${expression}; end = ${CLOSED}; }`];
  }

  when(condition: string, write: () => string[]): string[] {
    return [`if (${condition}) {`, ...write(), '}'];
  }
}
