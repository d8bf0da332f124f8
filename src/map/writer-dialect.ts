import { CLOSED, CLOSE_OBJECT, before, openObject, writeMember } from './pieces.js';
import type { Leaf } from './writer-plan.js';

/**
 * How statements that write a document look. Calls come in the order in which things stand in the document; each gives the
 * statements for one of them.
 */
export interface Dialect {
  /** @param members one or more of an object, as JSON text */
  constant(members: string): string[];
  open(key: string): string[];
  close(): string[];
  member(key: string, leaf: Leaf): string[];
  /** @param expression of what is kept of one or more members, without commas around it, or nothing */
  piece(expression: string): string[];
  /** @param write a whole member, if the condition holds */
  when(condition: string, write: () => string[]): string[];
}

/** Puts texts together, in `s`; in `end` what it ends with. */
export class TextDialect implements Dialect {
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

  piece(expression: string): string[] {
    return [`if (${expression} !== '') { s = s + ${before('')} + ${expression}; end = ${CLOSED}; }`];
  }

  when(condition: string, write: () => string[]): string[] {
    return [`if (${condition}) {`, ...write(), '}'];
  }
}
