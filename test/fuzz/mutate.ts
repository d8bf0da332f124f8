import { gunzipSync, gzipSync } from 'node:zlib';
import type { Random } from '../../src/sample/random.js';
import { eventNames, headerFields, logFields, oddKeys, oddValues, tokens } from './dictionary.js';

/** Inputs are cut to this: long ones are slow, and hard to read when one of them fails. */
export const MAX_INPUT_BYTES = 6 * 1024;

type Mutation = (input: Buffer, random: Random, other: Buffer) => Buffer;

/** One input made from another by one to six changes, of bytes, of JSON or of gzip. */
export function mutate(input: Buffer, random: Random, other: () => Buffer): Buffer {
  let result = input;
  for (let left = 1 + random.below(6); left > 0; left--) result = random.pick(mutations)(result, random, other());
  return result.subarray(0, MAX_INPUT_BYTES);
}

const mutations: readonly Mutation[] = [
  (input, random) => insideGzip(input, (content) => changeMember(content, random)),
  (input, random) => insideGzip(input, (content) => changeMember(content, random)),
  (input, random) => insideGzip(input, (content) => addMember(content, random)),
  (input, random) => insideGzip(input, (content) => insert(content, random, Buffer.from(random.pick(tokens)))),
  (input, random) => insideGzip(input, (content) => splice(content, random, content)),
  (input, random) => insideGzip(input, (content) => insert(content, random, newEvent(random))),
  (input, random, other) => insideGzip(input, (content) => splice(content, random, plain(other))),
  (input, random) => insert(input, random, Buffer.from(random.pick(tokens))),
  (input, random) => insert(input, random, newEvent(random)),
  (input, random, other) => splice(input, random, other),
  (input, random) => flip(input, random),
  (input, random) => cut(input, random),
  (input, random) => repeat(input, random),
  (input) => gzipSync(input),
  (input, random, other) =>
    random.chance(0.5) ? Buffer.concat([input, gzipSync(other)]) : Buffer.concat([gzipSync(other), input]),
];

/** Changes what is in a gzip file where that can be had, so that most of its checksums still fit. */
function insideGzip(input: Buffer, change: (content: Buffer) => Buffer): Buffer {
  const content = plain(input);
  return content === input ? change(input) : gzipSync(change(content));
}

function plain(input: Buffer): Buffer {
  if (input[0] !== 0x1f || input[1] !== 0x8b) return input;
  try {
    return gunzipSync(input, { maxOutputLength: MAX_INPUT_BYTES });
  } catch {
    return input;
  }
}

/** `"key":value` with a string, number or word as the value. */
const MEMBER = /"((?:[^"\\]|\\.)*)":("(?:[^"\\]|\\.)*"|[-+.\w]+)/g;

/** Gives a member that is there another value or name. */
function changeMember(content: Buffer, random: Random): Buffer {
  const text = content.toString('latin1');
  const found = [...text.matchAll(MEMBER)];
  if (found.length === 0) return insert(content, random, newEvent(random));
  const { 0: whole, 1: key = '', index } = random.pick(found);
  const valueAt = index + key.length + 3;
  const [from, to, by] = random.chance(0.8)
    ? [valueAt, index + whole.length, value(random)]
    : [index, valueAt - 1, JSON.stringify(name(random))];
  return Buffer.concat([content.subarray(0, from), Buffer.from(by), content.subarray(to)]);
}

/** Puts one more member in front of those of some object. */
function addMember(content: Buffer, random: Random): Buffer {
  const opens = [...content.toString('latin1').matchAll(/\{(?=")/g)];
  if (opens.length === 0) return insert(content, random, newEvent(random));
  const at = random.pick(opens).index + 1;
  const member = `${JSON.stringify(name(random))}:${value(random)},`;
  return Buffer.concat([content.subarray(0, at), Buffer.from(member), content.subarray(at)]);
}

function name(random: Random): string {
  const known = random.chance(0.5) ? headerFields : (logFields.get(random.pick(eventNames)) ?? []);
  return random.chance(0.3) || known.length === 0 ? random.pick(oddKeys) : random.pick(known);
}

function value(random: Random): string {
  if (random.chance(0.9)) return random.pick(oddValues);
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"k":', '}'],
  ] as const);
  const depth = random.pick([5, 9, 60, 101, 130]);
  return open.repeat(depth) + random.pick(oddValues) + close.repeat(depth);
}

/** An event with some of the fields of its list. */
function newEvent(random: Random): Buffer {
  const eventName = random.pick(eventNames);
  const some = (names: readonly string[]): string[] =>
    names.filter(() => random.chance(0.4)).map((field) => `${JSON.stringify(field)}:${value(random)}`);
  const log = some(logFields.get(eventName) ?? []).join();
  const header = some(headerFields.filter((field) => field !== 'eventName'));
  const members = [...header, `"eventName":${JSON.stringify(eventName)}`, `"log":{${log}}`];
  return Buffer.from(`{${members.join()}}${random.pick(['', '\n', ',', '\r\n'])}`);
}

function insert(input: Buffer, random: Random, piece: Buffer): Buffer {
  const at = random.below(input.length + 1);
  return Buffer.concat([input.subarray(0, at), piece, input.subarray(at)]);
}

function splice(input: Buffer, random: Random, other: Buffer): Buffer {
  const [at, from] = [random.below(input.length + 1), random.below(other.length + 1)];
  const kept = input.subarray(random.chance(0.5) ? at : Math.min(input.length, at + random.below(64)));
  return Buffer.concat([input.subarray(0, at), other.subarray(from, from + random.below(256)), kept]);
}

function flip(input: Buffer, random: Random): Buffer {
  const copy = Buffer.from(input);
  for (let left = 1 + random.below(4); left > 0 && copy.length > 0; left--) {
    const at = random.below(copy.length);
    copy[at] = random.chance(0.5) ? random.below(256) : (copy[at] as number) ^ (1 << random.below(8));
  }
  return copy;
}

function cut(input: Buffer, random: Random): Buffer {
  const from = random.below(input.length + 1);
  return random.chance(0.5)
    ? input.subarray(0, from)
    : Buffer.concat([input.subarray(0, from), input.subarray(from + random.below(64))]);
}

function repeat(input: Buffer, random: Random): Buffer {
  const from = random.below(input.length + 1);
  const piece = input.subarray(from, from + 1 + random.below(48));
  const times = 1 + random.below(random.chance(0.1) ? 200 : 6);
  return Buffer.concat([input.subarray(0, from), ...Array.from({ length: times }, () => piece), input.subarray(from)]);
}
