import { isAscii, isUtf8 } from 'node:buffer';
import type { JsonObject, Recognized } from '../../record.js';
import { documentId } from '../id.js';
import type { FaultFinder } from '../mapper.js';
import { epochMillisOf } from '../timestamp.js';
import type { KnownWriter } from '../compile.js';
import { runGenerated } from '../run-generated.js';
import { Kept, MAX_KEPT_BYTES, type Made } from './kept.js';
import type { Layout } from './layout.js';
import { marksOf, type Marks } from './marks.js';
import { scanSource, type Scan } from './scan-source.js';

/** What a document is written from: what was made of each group's values, then from where to where each copied value stands. */
export type Parts = readonly (Made | number)[];

/** An event whose form is known: what its document is made of, without it having been parsed. */
export class KnownEvent implements Recognized {
  readonly to: number;
  readonly id: string;
  readonly list: KnownList;
  readonly parts: Parts;
  /** The bytes that the numbers in `parts` are indexes of. */
  readonly source: DataView;

  constructor(to: number, id: string, list: KnownList, parts: Parts, source: DataView) {
    this.to = to;
    this.id = id;
    this.list = list;
    this.parts = parts;
    this.source = source;
  }
}

/** Takes events of one list apart that are written as the vendor writes them. */
export class KnownList {
  readonly index: string;
  readonly writer: KnownWriter;
  readonly #layout: Layout;
  readonly #marks: Marks;
  readonly #scan: Scan;
  readonly #places: Int32Array;
  readonly #kept: readonly Kept[];
  readonly #findFaults: FaultFinder;
  readonly #copied: readonly number[];
  readonly #time: number;

  /** @param index of the list's documents */
  constructor(layout: Layout, index: string, writer: KnownWriter, findFaults: FaultFinder) {
    this.index = index;
    this.writer = writer;
    this.#findFaults = findFaults;
    this.#layout = layout;
    const marks = (this.#marks = marksOf(layout));
    this.#scan = runGenerated(scanSource(layout, marks), `scan-of-${layout.event}.js`) as Scan;
    this.#places = new Int32Array(marks.size);
    this.#kept = layout.groups.map(({ key, runs }, number) => {
      const places = runs.map((run) => marks.run(run));
      return new Kept(places, key === undefined ? (places[0] ?? 0) : marks.key(number));
    });
    this.#copied = layout.copied.map(({ run }) => marks.run(run));
    this.#time = this.#copied[layout.copied.findIndex(({ field }) => field.fits === 'timestamp')] ?? 0;
  }

  /** Index behind the event that begins at `from`, or why it is not known; as {@link Scan}. */
  scan(bytes: Buffer, view: DataView, from: number, limit: number): number {
    return this.#scan(bytes, view, from, limit, this.#places);
  }

  /** Where the comma before the name stands that the last scan met instead of the list's own. */
  get nameAt(): number {
    return this.#places[0] as number;
  }

  /** The event that was scanned last; undefined when it takes parsing to tell what it is. */
  take(bytes: Buffer, view: DataView, from: number, to: number): KnownEvent | undefined {
    const places = this.#places;
    if ((places[this.#marks.high] as number) > 127 && !isUtf8(bytes.subarray(from, to))) return undefined;
    const parts: (Made | number)[] = [];
    for (let i = 0; i < this.#kept.length; i++) {
      const made = (this.#kept[i] as Kept).find(view, places) ?? this.#make(i, bytes, view);
      if (made === undefined) return undefined;
      parts.push(made);
    }
    for (let i = 0; i < this.#copied.length; i++) {
      const mark = this.#copied[i] as number;
      parts.push(places[mark] as number, places[mark + 1] as number);
    }
    const millis = epochMillisOf(bytes, places[this.#time] as number, places[this.#time + 1] as number);
    if (millis === undefined) return undefined;
    return new KnownEvent(to, documentId(this.#canonical(bytes, from, to), millis), this, parts, view);
  }

  /** What the reference makes of a group's values; undefined unless all of them are as they should be. */
  #make(number: number, bytes: Buffer, view: DataView): Made | undefined {
    const texts = this.#texts(number, bytes);
    if (texts === undefined) return undefined;
    const event = parsed(texts);
    if (event === undefined || this.#isShadowed(number, event)) return undefined;
    // Without these two an event is never valid; where the group has its own, that one counts.
    const whole = { timestamp: '2000-01-01T00:00:00Z', eventName: this.#layout.event, ...event };
    if (this.#findFaults(whole) !== undefined) return undefined;
    const made = (this.writer.groups[number] as (event: JsonObject, ascii: boolean) => Made)(event, texts.ascii);
    (this.#kept[number] as Kept).add(bytes, view, this.#places, made);
    return made;
  }

  /** The members of a group as JSON, of the header and of `log`; undefined when a text is not plain. */
  #texts(number: number, bytes: Buffer): Texts | undefined {
    const { groups, runs } = this.#layout;
    const texts = { header: '', log: '', ascii: true };
    let size = 0;
    for (const run of groups[number]?.runs ?? []) {
      const mark = this.#marks.run(run);
      const piece = bytes.subarray(this.#places[mark], this.#places[mark + 1]);
      size += piece.length;
      if (size > MAX_KEPT_BYTES || piece.includes(BACKSLASH) || !isUtf8(piece)) return undefined;
      texts.ascii &&= isAscii(piece);
      texts[runs[run]?.inLog === true ? 'log' : 'header'] += piece.length === 0 ? '' : `,${piece.toString('utf8', 1)}`;
    }
    return texts;
  }

  /** An old name of a field beside its new one takes a look at both. */
  #isShadowed(number: number, event: JsonObject): boolean {
    const fields = this.#layout.groups[number]?.fields ?? [];
    return fields.some(({ vendor, aliases }) => vendor in event && aliases.some((alias) => alias in event));
  }

  /** The bytes of the canonical text. */
  #canonical(bytes: Buffer, from: number, to: number): Uint8Array {
    const { canonicalLog } = this.#layout;
    const log = this.#places[this.#marks.log] as number;
    if (canonicalLog === undefined || log === 0) return bytes.subarray(from, to);
    const members = canonicalLog.flatMap((key) => {
      const mark = this.#marks.member(key);
      const piece = bytes.toString('latin1', this.#places[mark], this.#places[mark + 1]);
      return piece === '' ? [] : [piece];
    });
    return Buffer.from(`${bytes.toString('latin1', from, log)}${members.join()}}}`, 'latin1');
  }
}

const BACKSLASH = 92;

interface Texts {
  header: string;
  log: string;
  ascii: boolean;
}

function parsed({ header, log }: Texts): JsonObject | undefined {
  const members = [header.slice(1), `"log":{${log.slice(1)}}`].filter((text) => text !== '');
  try {
    return JSON.parse(`{${members.join()}}`) as JsonObject;
  } catch {
    return undefined;
  }
}
