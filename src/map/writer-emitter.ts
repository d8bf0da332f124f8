import type { Dialect, Piece } from './writer-dialect.js';
import type { Leaf, Tree } from './writer-plan.js';

/** What alone decides some values. */
export interface Owner {
  owns(leaf: Leaf): boolean;
}

/** Keeps texts. */
export interface Keeper extends Owner {
  /** @param statements that write a text */
  keep(statements: readonly string[]): Piece;
}

export interface EmitterOptions<Step> {
  /** Groups whose members of an object stand together, before those that depend on more. */
  readonly groups: readonly Owner[];
  /** Puts members that stand side by side into stretches, each with what keeps their text, if any does. */
  readonly stretches: (entries: readonly Entry[]) => readonly Stretch[];
  readonly dialect: Dialect<Step>;
  /** Of what is kept. */
  readonly kept: Dialect<string>;
}

export type Entry = readonly [key: string, node: Leaf | Tree];

export interface Stretch {
  readonly keeper: Keeper | undefined;
  readonly entries: readonly Entry[];
}

/** Steps that write members of objects. */
export class Emitter<Step> {
  readonly #options: EmitterOptions<Step>;

  constructor(options: EmitterOptions<Step>) {
    this.#options = options;
  }

  /** The members of an object that was just opened. */
  members(tree: Tree): Step[] {
    const { stretches, dialect, kept } = this.#options;
    return stretches(this.#inOrder(tree)).flatMap(({ keeper, entries }) =>
      keeper === undefined
        ? lines(entries, dialect, (inner) => this.members(inner))
        : dialect.piece(keeper.keep(this.#kept(entries, kept))),
    );
  }

  /** Statements for what is kept as a whole, so that nothing is kept apart in it. */
  #kept(entries: readonly Entry[], dialect: Dialect<string>): string[] {
    return lines(entries, dialect, (inner) => this.#kept(this.#inOrder(inner), dialect));
  }

  /** First those that are always there, then what is constant, then what a group decides alone, then the others. */
  #inOrder(tree: Tree): Entry[] {
    const nodes = [...tree];
    const constants = nodes.filter(([, node]) => constantText(node) !== undefined);
    const always = nodes.filter((entry) => !constants.includes(entry) && presence(entry[1]) === undefined);
    const sometimes = nodes.filter((entry) => !constants.includes(entry) && !always.includes(entry));
    const { groups } = this.#options;
    const grouped = groups.flatMap((group) => sometimes.filter(([, node]) => ownerOf(groups, node) === group));
    return [...always, ...constants, ...grouped, ...sometimes.filter((entry) => !grouped.includes(entry))];
  }
}

function lines<Step>(entries: readonly Entry[], dialect: Dialect<Step>, members: (tree: Tree) => Step[]): Step[] {
  return entries.flatMap(([key, node]) => {
    const constant = constantText(node);
    if (constant !== undefined) return dialect.constant(`${JSON.stringify(key)}:${constant}`);
    const write = (): Step[] =>
      node instanceof Map ? [...dialect.open(key), ...members(node), ...dialect.close()] : dialect.member(key, node);
    // An object is written only when it has a member.
    const present = presence(node);
    return present === undefined ? write() : dialect.when(present, write);
  });
}

/** The group that alone decides all of a node. */
export function ownerOf<T extends Owner>(groups: readonly T[], node: Leaf | Tree): T | undefined {
  return groups.find((group) => leavesOf(node).every((leaf) => group.owns(leaf)));
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
