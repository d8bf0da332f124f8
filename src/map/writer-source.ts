import type { KnownGroup, Layout } from './known/layout.js';
import { IN_STRING, OPEN } from './pieces.js';
import { BytesDialect } from './writer-bytes.js';
import { TextDialect } from './writer-dialect.js';
import { Emitter, ownerOf, type Entry, type Stretch } from './writer-emitter.js';
import { Group } from './writer-group.js';
import type { Leaf, Step, Tree, WriterPlan } from './writer-plan.js';
import { usual } from './writer-tree.js';

/** A loop of concatenations: for the two or three elements of a list it is four times as fast as `join`. */
const QUOTE_LIST = `const quoteList = (list) => {
  let text = '[' + quote(list[0]);
  for (let i = 1; i < list.length; i++) text = text + ',' + quote(list[i]);
  return text + ']';
};`;

const CLOSE = 125;
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

/**
 * Source text of the function that makes a writer of the same documents as bytes, from what was made of an event's groups of
 * values and from the event's own bytes.
 */
export function knownWriterSource(plan: WriterPlan, layout: Layout): string {
  const groups = layout.groups.map((group, number) => new Group(number, repeatOf(group), plan));
  const declared = groups.slice(0, layout.declared);
  const copied = layout.copied.map(({ field }) => [field.vendor, plan.variables.get(field.vendor) ?? ''] as const);
  const dialect = new BytesDialect('{', new Map(copied));
  const stretches = (entries: readonly Entry[]): Stretch[] => neighbours(entries, (node) => ownerOf(groups, node));
  const members = new Emitter({ groups: declared, stretches, dialect, kept: new TextDialect() }).members(
    usual(plan.tree),
  );
  members.push(...dialect.flush());
  return [
    ...beginning(false, groups),
    ...dialect.declaration(),
    `const write = (b, at, view, source, parts, readAt, origin) => {`,
    ...groups.flatMap((group, number) => [`const m${number} = parts[${number}];`, ...group.variables(`m${number}`)]),
    ...copied.flatMap(([, variable], i) => {
      const part = groups.length + 2 * i;
      return `const ${variable}e = parts[${part + 1}], ${variable} = parts[${part}] < ${variable}e ? parts[${part}] : undefined;`;
    }),
    `const ascii = ${groups.map((_, number) => `m${number}.ascii`).join(' && ') || 'true'};`,
    ...restSteps(plan, groups).flatMap((step) => step.lines),
    `let closed = false;`,
    ...members,
    `b.set(origin, at); at += origin.length; b[at++] = ${CLOSE};`,
    `return at;`,
    `};`,
    `return { groups: [${groups.map((group) => group.fromEvent()).join(',\n')}], write };`,
  ].join('\n');
}

/** Members side by side that the same keeper keeps. */
function neighbours(entries: readonly Entry[], keeperOf: (node: Leaf | Tree) => Stretch['keeper']): Stretch[] {
  const stretches: { keeper: Stretch['keeper']; entries: Entry[] }[] = [];
  for (const entry of entries) {
    const keeper = keeperOf(entry[1]);
    const last = stretches.at(-1);
    if (last !== undefined && last.keeper === keeper) last.entries.push(entry);
    else stretches.push({ keeper, entries: [entry] });
  }
  return stretches;
}

function beginning(escape: boolean, groups: readonly Group[]): string[] {
  return [
    `'use strict';`,
    `const quote = (text) => ${escape ? 'JSON.stringify(text)' : `'"' + text + '"'`};`,
    QUOTE_LIST,
    ...groups.flatMap((group) => group.declaration()),
  ];
}

function repeatOf({ key, fields }: KnownGroup): Repeat {
  const names = fields.map(({ vendor }) => vendor);
  return { key: key ?? names[0] ?? '', fields: names };
}

/** What depends on more than one group. */
function restSteps({ steps }: WriterPlan, groups: readonly Group[]): Step[] {
  return steps.filter((step) => !groups.some((group) => group.has(step.needs)));
}
