import { toDsl, type Where } from '../query/where.js';
import type { Finding, RuleRun } from './finding.js';
import { durationMs, groupBy } from './period.js';
import type { Source } from './search-pages.js';
import type { Key, Query, Span, Tally } from './search.js';
import type { Rule } from './spec.js';

/** Where a run of a rule looks. */
export interface Watch extends Source {
  readonly filters: readonly Query[];
  readonly span: Span;
  readonly windowMs: number;
}

export function watchOf(source: Source, rule: Rule, run: RuleRun, where: Where): Watch {
  const windowMs = durationMs(rule.window);
  return { ...source, filters: [toDsl(rule.where), toDsl(where)], span: spanOf(run, windowMs), windowMs };
}

function spanOf(run: RuleRun, windowMs: number): Span {
  if (run.kind === 'period') return { clock: '@timestamp', from: run.from, to: run.to, slotMs: windowMs / 2 };
  return { clock: 'event.ingested', from: new Date(run.now.getTime() - windowMs), to: run.now };
}

/** The time before a span. */
export function historyOf({ clock, from }: Span, history: string): Span {
  return { clock, from: new Date(from.getTime() - durationMs(history)), to: new Date(from.getTime() - 1) };
}

/** Some fields of a key, in their order. */
export function partOfKey(key: Key, fields: readonly string[]): Key {
  return Object.fromEntries(fields.map((field) => [field, key[field] ?? '']));
}

/** Equal for equal keys with fields in the same order. */
export function keyText(key: Key): string {
  return JSON.stringify(Object.values(key));
}

/** What belongs together by some fields of the key. */
export function byGroup(tallies: readonly Tally[], fields: readonly string[]): readonly (readonly Tally[])[] {
  return [...groupBy(tallies, ({ key }) => keyText(partOfKey(key, fields))).values()];
}

export function eventsOf(tallies: readonly Tally[]): number {
  return tallies.reduce((sum, { events }) => sum + events, 0);
}

/** @param tallies at least one */
export function findingOf(rule: Rule, tallies: readonly Tally[], found: string | number): Finding {
  const from = tallies.reduce((least, { first }) => Math.min(least, first), Infinity);
  const to = tallies.reduce((most, { last }) => Math.max(most, last), -Infinity);
  return {
    rule: rule.id,
    group: groupOf(rule, tallies),
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    events: eventsOf(tallies),
    found,
  };
}

export function groupOf({ detect }: Rule, [tally]: readonly Tally[]): Finding['group'] {
  const key = partOfKey(tally?.key ?? {}, detect.groupBy);
  return Object.fromEntries(
    Object.entries(key).map(([field, value]) => [field, typeof value === 'boolean' ? String(value) : value]),
  );
}
