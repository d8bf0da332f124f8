import type { Dialect } from './writer-dialect.js';
import type { Leaf } from './writer-plan.js';

/** What the bytes so far end with: an open bracket, something that is closed, or, in a variable, one or the other. */
type State = 'open' | 'closed' | 'either';

const COMMA = 44;
/** Up to so many bytes are stored sooner four at a time than by a call. */
const INLINE_BYTES = 48;

/**
 * Puts bytes together, in `b`; in `at` how many there are, in `closed` whether a comma has to stand before the next member where
 * that depends on the event. What is constant is written at once with the constants behind it.
 */
export class BytesDialect implements Dialect {
  readonly #copied: ReadonlyMap<string, string>;
  readonly #constants: string[] = [];
  #pending: string;
  #state: State = 'open';

  /**
   * @param copied by vendor field, the variable of where its value begins among the event's bytes, `source`; that of its end has an
   * `e` behind it
   */
  constructor(begin: string, copied: ReadonlyMap<string, string>) {
    this.#pending = begin;
    this.#copied = copied;
  }

  /** The constants, as `k0`, `k1` and so on. */
  declaration(): string[] {
    return this.#constants.map((text, i) => `const k${i} = encode(${JSON.stringify(text)});`);
  }

  constant(members: string): string[] {
    const lines = this.#comma();
    this.#pending += members;
    this.#state = 'closed';
    return lines;
  }

  open(key: string): string[] {
    const lines = this.constant(`${JSON.stringify(key)}:{`);
    this.#state = 'open';
    return lines;
  }

  close(): string[] {
    this.#pending += '}';
    this.#state = 'closed';
    return [];
  }

  member(key: string, leaf: Leaf): string[] {
    const [before, after] =
      leaf.kind === 'list' && this.#copied.has(leaf.vendor ?? '') ? ['["', '"]'] : AROUND[leaf.kind];
    const lines = this.constant(`${JSON.stringify(key)}:${before}`);
    if (leaf.kind === 'fixed') this.#pending += leaf.text;
    else lines.push(...this.flush(), this.#written(leaf));
    this.#pending += after;
    return lines;
  }

  piece(expression: string): string[] {
    const lines = this.#settle();
    const put = `b.set(${expression}, at); at += ${expression}.length;`;
    const comma =
      this.#state === 'closed'
        ? `b[at++] = ${COMMA};`
        : this.#state === 'either'
          ? `if (closed) b[at++] = ${COMMA};`
          : '';
    return [...lines, `if (${expression}.length > 0) { ${comma} ${put} ${this.#noted()} }`];
  }

  when(condition: string, write: () => string[]): string[] {
    const lines = this.#settle();
    const state = this.#state;
    const inner = [...write(), ...this.flush()];
    this.#state = state;
    return [...lines, `if (${condition}) {`, ...inner, this.#noted(), '}'];
  }

  /** Writes the constants that wait. */
  flush(): string[] {
    const text = this.#pending;
    this.#pending = '';
    if (text.length <= INLINE_BYTES) return text === '' ? [] : [stores(text)];
    const name = `k${this.#constants.length}`;
    this.#constants.push(text);
    return [`b.set(${name}, at); at += ${name}.length;`];
  }

  /** Before something that may be there or not. */
  #settle(): string[] {
    const lines = this.flush();
    return this.#state === 'open' ? [...lines, 'closed = false;'] : lines;
  }

  /** Behind something that is there or not, where it is. */
  #noted(): string {
    if (this.#state === 'closed') return '';
    this.#state = 'either';
    return 'closed = true;';
  }

  #comma(): string[] {
    if (this.#state === 'closed') this.#pending += ',';
    if (this.#state !== 'either') return [];
    return [...this.flush(), `if (closed) b[at++] = ${COMMA};`];
  }

  #written({ kind, text, needs, vendor }: Leaf): string {
    const copied = this.#copied.get(vendor ?? '');
    if (copied !== undefined) return `at = putRange(view, at, source, ${copied}, ${copied}e);`;
    if (needs === undefined) return `b.set(${text}, at); at += ${text}.length;`;
    return kind === 'list' ? `at = putList(b, at, ${text}, ascii);` : `at = put(b, at, ${text}, ascii);`;
  }
}

/** What stands around the value of a member. */
const AROUND: Readonly<Record<Leaf['kind'], readonly [before: string, after: string]>> = {
  string: ['"', '"'],
  list: ['[', ']'],
  json: ['', ''],
  fixed: ['', ''],
  constant: ['', ''],
};

/** Statements that store an ASCII text; what is left over at its end with bytes that are stored again. */
function stores(text: string): string {
  const bytes = Buffer.from(text);
  const ats = Array.from({ length: Math.floor(bytes.length / 4) }, (_, word) => word * 4);
  if (bytes.length >= 4 && bytes.length % 4 > 0) ats.push(bytes.length - 4);
  const lines =
    bytes.length < 4
      ? [...bytes].map((byte, i) => `b[at + ${i}] = ${byte};`)
      : ats.map((i) => `view.setInt32(at + ${i}, ${bytes.readInt32LE(i)}, true);`);
  return `${lines.join(' ')} at += ${bytes.length};`;
}
