import { IN_STRING, OPEN } from './pieces.js';
import { TextDialect } from './writer-dialect.js';
import { Emitter, ownerOf, type Entry, type Stretch } from './writer-emitter.js';
import { Group } from './writer-group.js';
import type { Leaf, Step, Tree, WriterPlan } from './writer-plan.js';

/** A loop of concatenations: for the two or three elements of a list it is four times as fast as `join`. */
const QUOTE_LIST = `const quoteList = (list) => {
  let text = '[' + quote(list[0]);
  for (let i = 1; i < list.length; i++) text = text + ',' + quote(list[i]);
  return text + ']';
};`;

const BEGIN = `let s = '{', end = ${OPEN};`;
const END = `s + (end === ${IN_STRING} ? '"' : '')`;

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
  const stretches = (entries: readonly Entry[]): Stretch[] => neighbours(entries, (node) => ownerOf(groups, node));
  const text = new TextDialect(escape);
  const members = new Emitter({ groups, stretches, dialect: text, kept: text }).members(plan.tree);
  return [
    ...beginning(escape, groups),
    `return (event, readAt, extras) => {`,
    `const log = event.log === undefined || event.log === null || event.log === '' ? EMPTY : event.log;`,
    ...[...plan.reads.values()].flat(),
    ...groups.flatMap((group) => group.lookup()),
    ...restSteps(plan, groups).flatMap((step) => step.lines),
    BEGIN,
    ...members,
    `return ${END} + extras.origin + '}';`,
    `};`,
  ].join('\n');
}

/** Members side by side that the same keeper keeps. */
export function neighbours(entries: readonly Entry[], keeperOf: (node: Leaf | Tree) => Stretch['keeper']): Stretch[] {
  const stretches: { keeper: Stretch['keeper']; entries: Entry[] }[] = [];
  for (const entry of entries) {
    const keeper = keeperOf(entry[1]);
    const last = stretches.at(-1);
    if (last !== undefined && last.keeper === keeper) last.entries.push(entry);
    else stretches.push({ keeper, entries: [entry] });
  }
  return stretches;
}

export function beginning(escape: boolean, groups: readonly Group[]): string[] {
  return [
    `'use strict';`,
    `const quote = (text) => ${escape ? 'JSON.stringify(text)' : `'"' + text + '"'`};`,
    QUOTE_LIST,
    ...groups.flatMap((group) => group.declaration()),
  ];
}

/** What depends on more than one group. */
export function restSteps({ steps }: WriterPlan, groups: readonly Group[]): Step[] {
  return steps.filter((step) => !groups.some((group) => group.has(step.needs)));
}
