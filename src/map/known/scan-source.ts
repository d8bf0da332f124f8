import type { Layout, Run, ScanKey } from './layout.js';
import type { Marks } from './marks.js';

/** What a scan comes to when the event is not written as expected. */
export const UNKNOWN = -1;
/** It has another name. */
export const OTHER_NAME = -2;
/** The bytes end before it does, or too near to tell. */
export const MORE = -3;

/**
 * Looks for an event of one list as the vendor writes it: no white space, keys in the list's order, strings without escapes,
 * plain whole numbers and words. Notes where its parts stand. What runs of groups hold is to be checked by who takes it.
 *
 * @param view over the same bytes
 * @param from index of the event's `{`
 * @param limit index behind the last byte of it
 * @returns index behind the event, or one of {@link UNKNOWN}, {@link OTHER_NAME} and {@link MORE}
 */
export type Scan = (bytes: Buffer, view: DataView, from: number, limit: number, marks: Int32Array) => number;

const QUOTE = 34;
const COMMA = 44;
const OPEN = 123;
const CLOSE = 125;
const LOG = ',"log":{';
/** What stands before an event's name. */
export const NAME = ',"eventName":"';

/** Source text of the function that makes a {@link Scan}: straight-line code that compares keys four bytes at a time. */
export function scanSource(layout: Layout, marks: Marks): string {
  const lines = layout.runs.map((run, number) => ({ run, lines: runLines(layout, marks, run, number) }));
  const of = (inLog: boolean): string[] => lines.filter(({ run }) => run.inLog === inLog).flatMap((one) => one.lines);
  const longest = Math.max(...layout.runs.flatMap(({ keys }) => keys.map(({ key }) => nameText(key).length)));
  return [
    `'use strict';`,
    BARE,
    NEXT_QUOTE,
    `return (b, w, from, limit, marks) => {`,
    `const fault = (i) => limit - i < ${longest + 4} ? ${MORE} : ${UNKNOWN};`,
    `let i = from, c = 0, high = 0, separator = ${OPEN};`,
    ...of(false),
    `if (${isNext(LOG, 0)}) {`,
    `i += ${LOG.length - 1}; separator = ${OPEN};`,
    `marks[${marks.log}] = marks[${marks.log + 1}] = i + 1;`,
    ...of(true),
    `if (separator === ${OPEN}) i++;`,
    `if (i >= limit || b[i] !== ${CLOSE}) return fault(i);`,
    `i++;`,
    `} else {`,
    ...logMarks(layout, marks).map((mark) => `marks[${mark}] = marks[${mark + 1}] = 0;`),
    `}`,
    `if (i >= limit || b[i] !== ${CLOSE}) return fault(i);`,
    `marks[${marks.high}] = high;`,
    `return i + 1;`,
    `};`,
  ].join('\n');
}

function logMarks(layout: Layout, marks: Marks): number[] {
  const members = layout.canonicalLog ?? [];
  const runs = layout.runs.flatMap(({ inLog, keys }, number) =>
    inLog ? [marks.run(number), ...keys.flatMap((key) => keyMark(layout, marks, key) ?? [])] : [],
  );
  return [...runs, ...members.map((key) => marks.member(key)), marks.log];
}

function runLines(layout: Layout, marks: Marks, run: Run, number: number): string[] {
  const mark = marks.run(number);
  if (run.owner === 'copied') return copiedLines(layout, marks, run, mark);
  return [
    `marks[${mark}] = i;`,
    ...run.keys.flatMap((key) => groupedLines(layout, marks, key)),
    `marks[${mark + 1}] = i;`,
  ];
}

/** A value of a group: strings are taken up to the next quote, as their bytes are compared with what is known, or checked. */
function groupedLines(layout: Layout, marks: Marks, key: ScanKey): string[] {
  if (key.field.vendor === 'eventName') return nameLines(layout);
  const mark = keyMark(layout, marks, key);
  return [
    ...(mark === undefined ? [] : [`marks[${mark}] = marks[${mark + 1}] = i;`]),
    ...memberLines(layout, marks, key, [
      ...(mark === undefined ? [] : [`marks[${mark}] = i;`]),
      `if (b[i] === ${QUOTE}) i = quote(b, w, i + 1, limit) + 1;`,
      `else { i = bare(b, i, limit); if (i < 0) return ${UNKNOWN}; }`,
      ...(mark === undefined ? [] : [`marks[${mark + 1}] = i;`]),
    ]),
  ];
}

/** A copied value is a string, and is checked at once. */
function copiedLines(layout: Layout, marks: Marks, { keys }: Run, mark: number): string[] {
  return keys.flatMap((key) => {
    if (key.field.vendor === 'eventName') return nameLines(layout, mark);
    return [
      `marks[${mark}] = marks[${mark + 1}] = i;`,
      ...memberLines(layout, marks, key, [
        `if (b[i] !== ${QUOTE}) return ${UNKNOWN};`,
        `marks[${mark}] = ++i;`,
        `for (; i < limit && (c = b[i]) !== ${QUOTE}; i++) { if (c < 32 || c === 92) return ${UNKNOWN}; high |= c; }`,
        `marks[${mark + 1}] = i++;`,
      ]),
    ];
  });
}

/** The list's own name, which each of its events has. */
function nameLines({ event }: Layout, mark?: number): string[] {
  const text = NAME + event + '"';
  const [from, to] = [NAME.length, text.length - 1];
  return [
    ...(mark === undefined ? [] : [`marks[${mark}] = i + ${from}; marks[${mark + 1}] = i + ${to};`]),
    `if (${isNext(text, 0)}) i += ${text.length};`,
    `else { marks[0] = i; return limit - i < ${text.length} ? ${MORE} : ${OTHER_NAME}; }`,
  ];
}

function memberLines(layout: Layout, marks: Marks, { key, inLog }: ScanKey, value: readonly string[]): string[] {
  const text = nameText(key);
  const member = inLog && layout.canonicalLog !== undefined ? marks.member(key) : undefined;
  return [
    ...(member === undefined ? [] : [`marks[${member}] = marks[${member + 1}] = i;`]),
    `if (i + ${text.length + 1} < limit && b[i] === separator && ${words(text, 1)}) {`,
    ...(member === undefined ? [] : [`marks[${member}] = i + 1;`]),
    `i += ${text.length + 1}; separator = ${COMMA};`,
    ...value,
    ...(member === undefined ? [] : [`marks[${member + 1}] = i;`]),
    `}`,
  ];
}

function keyMark(layout: Layout, marks: Marks, { field }: ScanKey): number | undefined {
  const group = layout.groups.findIndex(({ key }) => key === field.vendor);
  return group < 0 ? undefined : marks.key(group);
}

function nameText(key: string): string {
  return `${JSON.stringify(key)}:`;
}

function isNext(text: string, offset: number): string {
  return `i + ${text.length + offset} <= limit && ${words(text, offset)}`;
}

/** Expression that compares the bytes at `i + offset` with a text of four characters or more. */
function words(text: string, offset: number): string {
  const bytes = Buffer.from(text);
  const starts = Array.from({ length: Math.floor(bytes.length / 4) }, (_, word) => word * 4);
  if (bytes.length % 4 > 0) starts.push(bytes.length - 4);
  return starts.map((at) => `w.getInt32(i + ${at + offset}, true) === ${bytes.readInt32LE(at)}`).join(' && ');
}

/** The end of a whole number of at most 15 digits, of `true`, `false` or `null`; behind the limit when bytes are missing. */
const BARE = `const bare = (b, i, limit) => {
  const c = b[i];
  if (c === 48) return i + 1;
  if (c > 48 && c < 58) {
    const last = i + 15;
    for (i++; i < limit && b[i] > 47 && b[i] < 58; i++) if (i === last) return ${UNKNOWN};
    return i;
  }
  const text = c === 116 ? 'true' : c === 102 ? 'false' : c === 110 ? 'null' : '';
  if (text === '') return ${UNKNOWN};
  if (i + text.length > limit) return limit + 1;
  for (let k = 1; k < text.length; k++) if (b[i + k] !== text.charCodeAt(k)) return ${UNKNOWN};
  return i + text.length;
};`;

/** Index of the next quote, or the limit; four bytes at a time, in which a byte of zero is what was a quote. */
const NEXT_QUOTE = `const quote = (b, w, i, limit) => {
  for (; i + 4 <= limit; i += 4) {
    const x = w.getInt32(i, true) ^ 0x22222222;
    const zero = (x - 0x01010101) & ~x & 0x80808080;
    if (zero !== 0) return i + ((31 - Math.clz32(zero & -zero)) >> 3);
  }
  while (i < limit && b[i] !== ${QUOTE}) i++;
  return i;
};`;
