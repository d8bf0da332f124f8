import type { Layout } from './layout.js';

/**
 * Where in the bytes the parts of an event stand: two numbers each, its first byte and the one behind it. All parts of a list's
 * events have their places in one array, which is used again for every event.
 */
export interface Marks {
  /** Of a run with its keys; of the value alone when it is copied. */
  run(number: number): number;
  /** Of the value of a declared repeat's key. */
  key(group: number): number;
  /** Of a member of `log`, where the canonical order is another one than the vendor's. */
  member(key: string): number;
  /** Behind the bracket of `log`; both numbers are the same. */
  readonly log: number;
  readonly size: number;
}

/** The first two numbers stay free: where a mark is asked for, zero is none. */
export function marksOf({ runs, declared, canonicalLog = [] }: Layout): Marks {
  const keys = 1 + runs.length;
  const members = keys + declared;
  const log = members + canonicalLog.length;
  return {
    run: (number) => 2 * (1 + number),
    key: (group) => 2 * (keys + group),
    member: (key) => 2 * (members + canonicalLog.indexOf(key)),
    log: 2 * log,
    size: 2 * (log + 1),
  };
}
