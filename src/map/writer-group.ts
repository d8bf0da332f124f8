import { makePieces } from './pieces.js';
import type { Piece } from './writer-dialect.js';
import type { Keeper } from './writer-emitter.js';
import type { Leaf, Step, WriterPlan } from './writer-plan.js';
import type { Repeat } from './writer-source.js';

/** Repeats kept per group; past it the memory starts anew, so that it stays bounded whatever the traffic. */
const MAX_KEPT = 4096;
/** The same for the characters of all repeats of a group: names in an event may be as long as an event may be. */
const MAX_KEPT_CHARS = 16 * 1024 * 1024;

/** What depends on the fields of one repeat alone. */
export class Group implements Keeper {
  readonly #number: number;
  readonly #fields: ReadonlySet<string>;
  readonly #inputs: readonly string[];
  readonly #key: string;
  readonly #steps: readonly Step[];
  readonly #reads: readonly string[];
  /** Statements that make a piece of the document each. */
  readonly #pieces: string[][] = [];

  constructor(number: number, { key, fields }: Repeat, { variables, reads, steps }: WriterPlan) {
    this.#number = number;
    this.#fields = new Set([key, ...fields]);
    this.#inputs = [...this.#fields].map((field) => variables.get(field) ?? 'undefined');
    this.#key = variables.get(key) ?? 'undefined';
    this.#steps = steps.filter((step) => this.has(step.needs));
    this.#reads = [...this.#fields].flatMap((field) => reads.get(field) ?? []);
  }

  has(needs: ReadonlySet<string> | undefined): boolean {
    return needs !== undefined && needs.size > 0 && [...needs].every((field) => this.#fields.has(field));
  }

  owns(leaf: Leaf): boolean {
    return this.has(leaf.needs);
  }

  /** Keeps the text of some members. */
  keep(statements: readonly string[]): Piece {
    this.#pieces.push([...statements]);
    return { keeper: this.#number, number: this.#pieces.length - 1 };
  }

  declaration(): string[] {
    const pieces = this.#pieces.map((_, i) => `p${i}`);
    const kept = [...new Set([...this.#inputs, ...this.#defined()]), ...pieces];
    return [
      `const kept${this.#number} = new Map();`,
      `let chars${this.#number} = 0;`,
      `const make${this.#number} = (${this.#inputs.join(', ')}) => {`,
      ...this.#steps.flatMap((step) => step.lines),
      ...makePieces(this.#pieces),
      `return { flat: false, ascii: false, ${kept.join(', ')} };`,
      `};`,
      // Made flat when they are used again, not before: where nothing repeats, that would be work for nothing.
      `const flatten${this.#number} = (m) => { ${pieces.map((piece) => `m.${piece} = flat(m.${piece});`).join(' ')} m.flat = true; };`,
    ];
  }

  lookup(): string[] {
    const m = `m${this.#number}`;
    const kept = `kept${this.#number}`;
    const chars = `chars${this.#number}`;
    return [
      `let ${m} = ${kept}.get(${this.#key});`,
      `if (${m} === undefined || ${this.#inputs.map((input) => `${m}.${input} !== ${input}`).join(' || ')}) {`,
      `if (${kept}.size >= ${MAX_KEPT} || ${chars} > ${MAX_KEPT_CHARS}) { ${kept}.clear(); ${chars} = 0; }`,
      `${m} = make${this.#number}(${this.#inputs.join(', ')}); ${kept}.set(${this.#key}, ${m});`,
      `${chars} += ${this.#lengths(m)};`,
      `} else if (!${m}.flat) flatten${this.#number}(${m});`,
      ...this.#defined().map((variable) => `const ${variable} = ${m}.${variable};`),
    ];
  }

  /**
   * Expression of a function that makes what is kept from an event's values, when nobody has them in variables.
   *
   * @param asked variables whose values others ask for
   */
  fromEvent(asked: ReadonlySet<string>): string {
    const n = this.#number;
    const own = [...new Set([...this.#inputs, ...this.#defined()])].filter((variable) => asked.has(variable));
    const pieces = this.#pieces.map((_, i) => `m.p${i}`);
    const lines = [
      `const log = event.log;`,
      ...this.#reads,
      `const m = make${n}(${this.#inputs.join(', ')});`,
      `return { pieces: [${pieces.join(', ')}], values: { ${own.map((variable) => `${variable}: m.${variable}`).join(', ')} } };`,
    ];
    return `(event) => { ${lines.join('\n')} }`;
  }

  /** Expression of the characters that one repeat keeps: of what it is known by, and of its text. */
  #lengths(m: string): string {
    const inputs = this.#inputs.map((input) => `(${input}?.length ?? 0)`);
    return [...inputs, ...this.#pieces.map((_, i) => `${m}.p${i}.length`)].join(' + ');
  }

  #defined(): string[] {
    return this.#steps.flatMap((step) => step.defines);
  }
}
