import { isUtf8 } from 'node:buffer';
import type { JsonObject } from '../../record.js';
import type { FaultFinder } from '../mapper.js';
import { MOST_MARKS, MOST_RECORDS, type Core } from './core.js';
import type { Joint } from './joint.js';
import type { Kept, Made, Values } from './kept.js';
import type { Layout } from './layout.js';
import type { Marks } from './marks.js';
import { BY_BYTES, BY_PARTS } from './ops.js';
import { longestKey, scanWords } from './scan-words.js';

/** Larger groups of values are not kept. */
const MAX_VALUE_BYTES = 16 * 1024;
const BACKSLASH = 92;

export interface KnownListParts {
  readonly core: Core;
  readonly kept: Kept;
  readonly layout: Layout;
  readonly marks: Marks;
  readonly joints: readonly Joint[];
  /** Of each group, then of each joint. */
  readonly makers: readonly Maker[];
  /** Address of the words that describe a document. */
  readonly words: number;
  /** What stands before an id in a bulk request. */
  readonly action: string;
  /** The first number of the ids of what this list keeps. */
  readonly firstId: number;
  readonly findFaults: FaultFinder;
}

/** Of a group's values as members of an event, or of what joined groups have. */
export type Maker = (values: JsonObject & Values) => Made;

/** A list of fields as the assembly has it, and what it leaves to others: making what is not kept yet. */
export class KnownList {
  /** Address of the list's description. */
  readonly address: number;
  readonly #parts: KnownListParts;

  constructor(parts: KnownListParts) {
    this.#parts = parts;
    const { core, layout, marks, joints, words, action, firstId } = parts;
    const groups = layout.groups.map(({ key, runs }, number) => {
      const places = runs.map((run) => marks.run(run));
      const lead = key === undefined ? -1 : marks.key(number);
      return core.describe([BY_BYTES, firstId + number, lead, places.length, ...places]);
    });
    const joined = joints.map(({ key }, i) => {
      const pieces = key.flatMap((part) => (typeof part === 'number' ? [part, -1] : [part.keeper, part.number]));
      return core.describe([BY_PARTS, firstId + groups.length + i, key.length, ...pieces]);
    });
    const all = [...groups, ...joined];
    if (marks.size > MOST_MARKS || all.length > MOST_RECORDS) throw new RangeError('the field list is too long');
    const copied = layout.copied.map(({ run }) => marks.run(run));
    const time = copied[layout.copied.findIndex(({ field }) => field.fits === 'timestamp')] ?? 0;
    // In the order of the words in `ops.ts`.
    this.address = core.describe([
      scanWords(core, layout, marks),
      core.describe([all.length, ...all]),
      words,
      ...core.text(action),
      time,
      this.#canonical(),
      core.describe([copied.length, ...copied]),
      longestKey(layout),
    ]);
  }

  /** How many ids it has. */
  get ids(): number {
    return this.#parts.makers.length;
  }

  /**
   * Makes what the event at hand has and is not kept yet.
   *
   * @param number of a group or joint
   * @param place where it belongs
   * @returns false when the event has to be parsed; else it is to be looked at again
   */
  make(number: number, place: number): boolean {
    const { kept, makers, firstId, layout } = this.#parts;
    const maker = makers[number] as Maker;
    if (number >= layout.groups.length) {
      const { key, values } = this.#joined(number - layout.groups.length);
      return kept.add(place, firstId + number, key, maker(values as JsonObject & Values));
    }
    const event = this.#members(number);
    return event !== undefined && kept.add(place, firstId + number, this.#runs(number), maker(event));
  }

  /** A group's members as an event of them alone; undefined unless all of them are as they should be. */
  #members(number: number): JsonObject | undefined {
    const texts = this.#texts(number);
    const event = texts && parsed(texts);
    if (event === undefined || this.#isShadowed(number, event)) return undefined;
    // Without these two an event is never valid; where the group has its own, that one counts.
    const { event: eventName } = this.#parts.layout;
    const whole = { timestamp: '2000-01-01T00:00:00Z', eventName, ...event };
    return this.#parts.findFaults(whole) === undefined ? event : undefined;
  }

  /** The members of a group as JSON, of the header and of `log`; undefined when a text is not plain. */
  #texts(number: number): Texts | undefined {
    const { layout } = this.#parts;
    const texts = { header: '', log: '' };
    let size = 0;
    for (const run of layout.groups[number]?.runs ?? []) {
      const piece = this.#run(run);
      size += piece.length;
      if (size > MAX_VALUE_BYTES || piece.includes(BACKSLASH) || !isUtf8(piece)) return undefined;
      texts[layout.runs[run]?.inLog === true ? 'log' : 'header'] +=
        piece.length === 0 ? '' : `,${piece.toString('utf8', 1)}`;
    }
    return texts;
  }

  #run(run: number): Buffer {
    const { core, marks } = this.#parts;
    const mark = marks.run(run);
    return core.bytes.subarray(core.mark(mark), core.mark(mark + 1));
  }

  /** Of each run its length and its bytes. */
  #runs(number: number): Buffer {
    const runs = this.#parts.layout.groups[number]?.runs ?? [];
    return Buffer.concat(
      runs.flatMap((run) => {
        const bytes = this.#run(run);
        return [wordOf(bytes.length), bytes];
      }),
    );
  }

  /** Of each part its length and bytes, or the address of what it is as a whole. */
  #joined(number: number): { key: Buffer; values: Values } {
    const { core, kept, joints } = this.#parts;
    const record = (group: number): number => core.word(core.records + 4 * group);
    const joint = joints[number] as Joint;
    const key = joint.key.flatMap((part) => {
      if (typeof part === 'number') return [wordOf(record(part))];
      const piece = core.word(record(part.keeper) + 4) + 8 * part.number;
      const [from, length] = [core.word(piece), core.word(piece + 4)];
      return [wordOf(length), core.bytes.subarray(from, from + length)];
    });
    const values = Object.assign({}, ...joint.groups.map((group) => kept.values(record(group)))) as Values;
    return { key: Buffer.concat(key), values };
  }

  /** An old name of a field beside its new one takes a look at both. */
  #isShadowed(number: number, event: JsonObject): boolean {
    const fields = this.#parts.layout.groups[number]?.fields ?? [];
    return fields.some(({ vendor, aliases }) => vendor in event && aliases.some((alias) => alias in event));
  }

  /** Address of the description of the canonical text; 0 when it is the event's own. */
  #canonical(): number {
    const { core, layout, marks } = this.#parts;
    if (layout.canonicalLog === undefined) return 0;
    const members = layout.canonicalLog.map((key) => marks.member(key));
    return core.describe([marks.log, members.length, ...members]);
  }
}

function wordOf(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

interface Texts {
  header: string;
  log: string;
}

function parsed({ header, log }: Texts): JsonObject | undefined {
  const members = [header.slice(1), `"log":{${log.slice(1)}}`].filter((text) => text !== '');
  try {
    return JSON.parse(`{${members.join()}}`) as JsonObject;
  } catch {
    return undefined;
  }
}
