import { CLOSED, CLOSE_OBJECT, IN_STRING, OPEN, before, openObject, writeMember } from './pieces.js';
import type { Leaf, Step, Tree, WriterPlan } from './writer-plan.js';

/** A loop of concatenations: for the two or three elements of a list it is four times as fast as `join`. */
const QUOTE_LIST = `const quoteList = (list) => {
  let text = '[' + quote(list[0]);
  for (let i = 1; i < list.length; i++) text = text + ',' + quote(list[i]);
  return text + ']';
};`;

/** Repeats kept per group; past it the memory starts anew, so that it stays bounded whatever the traffic. */
const MAX_KEPT = 4096;
/** The same for the characters of all repeats of a group: names in an event may be as long as an event may be. */
const MAX_KEPT_CHARS = 16 * 1024 * 1024;

/** Vendor fields that keep their values over many events, and the one that tells such runs of events apart. */
export interface Repeat {
  readonly key: string;
  readonly fields: readonly string[];
}

/**
 * Source text of the function that makes a writer. What depends on the fields of a {@link Repeat} alone is worked out
 * once for each combination of their values and kept: rule results, and the finished text of the document's members.
 */
export function writerSource(plan: WriterPlan, repeats: readonly Repeat[], escape: boolean): string {
  const groups = repeats.map((repeat, number) => new Group(number, repeat, plan));
  const emitter = new Emitter(groups, escape);
  const rest = plan.steps.filter((step) => !groups.some((group) => group.has(step.needs)));
  const members = emitter.members(plan.tree, true);
  return [
    `'use strict';`,
    `const quote = (text) => ${escape ? 'JSON.stringify(text)' : `'"' + text + '"'`};`,
    QUOTE_LIST,
    ...groups.flatMap((group) => group.declaration()),
    `return (event, readAt, extras) => {`,
    `const log = event.log === undefined || event.log === null || event.log === '' ? EMPTY : event.log;`,
    ...plan.reads,
    ...groups.flatMap((group) => group.lookup()),
    ...rest.flatMap((step) => step.lines),
    `let s = '{', end = ${OPEN};`,
    ...members,
    `return s + (end === ${IN_STRING} ? '"' : '') + extras.origin + '}';`,
    `};`,
  ].join('\n');
}

/** What depends on the fields of one repeat alone. */
class Group {
  readonly #number: number;
  readonly #fields: ReadonlySet<string>;
  readonly #inputs: readonly string[];
  readonly #key: string;
  readonly #steps: readonly Step[];
  /** Statements that make a piece of the document each. */
  readonly #pieces: string[][] = [];

  constructor(number: number, { key, fields }: Repeat, { variables, steps }: WriterPlan) {
    this.#number = number;
    this.#fields = new Set([key, ...fields]);
    this.#inputs = [...this.#fields].map((field) => variables.get(field) ?? 'undefined');
    this.#key = variables.get(key) ?? 'undefined';
    this.#steps = steps.filter((step) => this.has(step.needs));
  }

  has(needs: ReadonlySet<string> | undefined): boolean {
    return needs !== undefined && needs.size > 0 && [...needs].every((field) => this.#fields.has(field));
  }

  /** Keeps the text of some members. @returns the expression of that text */
  keep(statements: readonly string[]): string {
    this.#pieces.push([...statements]);
    return `m${this.#number}.p${this.#pieces.length - 1}`;
  }

  declaration(): string[] {
    const pieces = this.#pieces.map((_, i) => `p${i}`);
    const kept = [...new Set([...this.#inputs, ...this.#defined()]), ...pieces];
    return [
      `const kept${this.#number} = new Map();`,
      `let chars${this.#number} = 0;`,
      `const make${this.#number} = (${this.#inputs.join(', ')}) => {`,
      ...this.#steps.flatMap((step) => step.lines),
      `let s, end;`,
      ...this.#pieces.flatMap((statements, i) => [
        `s = ''; end = ${OPEN};`,
        ...statements,
        `const p${i} = end === ${IN_STRING} ? s + '"' : s;`,
      ]),
      `return { flat: false, ${kept.join(', ')} };`,
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

  /** Expression of the characters that one repeat keeps: of what it is known by, and of its text. */
  #lengths(m: string): string {
    const inputs = this.#inputs.map((input) => `(${input}?.length ?? 0)`);
    return [...inputs, ...this.#pieces.map((_, i) => `${m}.p${i}.length`)].join(' + ');
  }

  #defined(): string[] {
    return this.#steps.flatMap((step) => step.defines);
  }
}

/** Statements that write members of objects. */
class Emitter {
  readonly #groups: readonly Group[];
  readonly #escape: boolean;

  constructor(groups: readonly Group[], escape: boolean) {
    this.#groups = groups;
    this.#escape = escape;
  }

  /**
   * The members of an object that was just opened: first those that are always there, then what is constant, then what
   * is kept by a group (`kept`), then the others.
   */
  members(tree: Tree, kept: boolean): string[] {
    const nodes = [...tree];
    const constants = nodes.filter(([, node]) => constantText(node) !== undefined);
    const always = nodes.filter((entry) => !constants.includes(entry) && presence(entry[1]) === undefined);
    const sometimes = nodes.filter((entry) => !constants.includes(entry) && !always.includes(entry));
    const pieces = kept ? this.#pieces(sometimes) : [];
    const left = sometimes.filter((entry) => !kept || this.#groupOf(entry[1]) === undefined);
    return [
      ...always.flatMap(([key, node]) => this.#node(key, node, kept)),
      ...constantPiece(constants),
      ...pieces,
      ...left.flatMap(([key, node]) => this.#node(key, node, kept)),
    ];
  }

  /** For each group the text of those members that it keeps. */
  #pieces(nodes: readonly (readonly [string, Leaf | Tree])[]): string[] {
    return this.#groups.flatMap((group) => {
      const own = nodes.filter(([, node]) => this.#groupOf(node) === group);
      if (own.length === 0) return [];
      const piece = group.keep(own.flatMap(([key, node]) => this.#node(key, node, false)));
      return [`if (${piece} !== '') { s = s + ${before('')} + ${piece}; end = ${CLOSED}; }`];
    });
  }

  #groupOf(node: Leaf | Tree): Group | undefined {
    return this.#groups.find((group) => leavesOf(node).every((leaf) => group.has(leaf.needs)));
  }

  #node(key: string, node: Leaf | Tree, kept: boolean): string[] {
    return node instanceof Map ? this.#object(key, node, kept) : [this.#member(key, node)];
  }

  #member(key: string, { kind, text, present }: Leaf): string {
    const escaped = kind === 'string' && this.#escape;
    const write =
      kind === 'constant'
        ? writeMember(key, 'json', JSON.stringify(text))
        : writeMember(key, escaped ? 'json' : kind, escaped ? `JSON.stringify(${text})` : text);
    return present === undefined ? write : `if (${present}) { ${write} }`;
  }

  /** An object is written only when it has a member. */
  #object(key: string, tree: Tree, kept: boolean): string[] {
    const present = presence(tree);
    const write = [openObject(key), ...this.members(tree, kept), CLOSE_OBJECT];
    return present === undefined ? write : [`if (${present}) {`, ...write, '}'];
  }
}

function leavesOf(node: Leaf | Tree): Leaf[] {
  return node instanceof Map ? [...node.values()].flatMap(leavesOf) : [node];
}

/** Expression that says whether a member, or any member of an object, is written; undefined when one always is. */
function presence(node: Leaf | Tree): string | undefined {
  if (!(node instanceof Map)) return node.present;
  const conditions = [...node.values()].map(presence);
  return conditions.includes(undefined) ? undefined : conditions.join(' || ');
}

/** JSON text of a node that is the same in every document. */
function constantText(node: Leaf | Tree): string | undefined {
  if (!(node instanceof Map)) return node.kind === 'constant' ? node.text : undefined;
  const members = [...node].map(([key, inner]) => [key, constantText(inner)] as const);
  if (members.some(([, text]) => text === undefined)) return undefined;
  return `{${members.map(([key, text]) => `${JSON.stringify(key)}:${text ?? ''}`).join(',')}}`;
}

function constantPiece(nodes: readonly (readonly [string, Leaf | Tree])[]): string[] {
  if (nodes.length === 0) return [];
  const text = nodes.map(([key, node]) => `${JSON.stringify(key)}:${constantText(node) ?? ''}`).join(',');
  return [`s = s + ${before(text)}; end = ${CLOSED};`];
}
