import { ACTION_END, actionBegin } from './bulk-action.js';
import type { DecodedEvent, DecodedRun, MappedEvent, Origin, Position } from './record.js';

/** The bounds of a batch; the first one reached closes it. One event alone may be larger than `maxBytes`. */
export interface BatchLimits {
  readonly maxBytes: number;
  readonly maxEvents: number;
  /** At how many bytes the next batch is to be closed, at most `maxBytes`, which it is by default. */
  readonly targetBytes?: () => number;
}

/** The stream that events and marks come from. */
export interface StreamRef {
  /** As in `InputStream`: the key of its checkpoint. */
  readonly id: string;
  readonly origin: Origin;
  /** As in `InputStream`: it may become true while the event waits, so it is read whenever the event is to be sent. */
  readonly mayBeStored?: boolean;
}

/** How far a stream is finished when the batch is. */
export interface Mark {
  readonly position: Position;
  /** True when the stream's end was reached. */
  readonly done: boolean;
}

/** What is read of a decoded event; its bytes are copied, and nothing else of it is kept, its parsed value least of all. */
export type ItemSource = Pick<DecodedEvent, 'start' | 'end' | 'buffer' | 'from' | 'to'>;

/** Where an item came from and where it goes: what the reject store keeps of it. */
export interface ItemOrigin {
  readonly stream: StreamRef;
  /** Byte offset in the decompressed stream. */
  readonly start: number;
  /** The vendor's event as it was read; to be used before the batch is released. */
  readonly bytes: Buffer;
  readonly index: string;
  readonly id: string;
}

/**
 * Documents to be sent in one bulk request. It may hold marks alone: a stretch of rejects, or the end of a stream.
 * Item `i` is `body[offsets[i]] … body[offsets[i + 1]]`: its action line and its source line.
 */
export interface Batch {
  readonly count: number;
  readonly body: Buffer;
  /** `count + 1` byte offsets. */
  readonly offsets: readonly number[];
  /** One of each an item; `originOf` reads them. */
  readonly streams: readonly StreamRef[];
  readonly starts: readonly number[];
  /** The vendor's events are `originals[froms[i]]` … `originals[tos[i] - 1]`. */
  readonly originals: Buffer;
  readonly froms: readonly number[];
  readonly tos: readonly number[];
  /** By stream id. */
  readonly marks: ReadonlyMap<string, Mark>;
}

export interface Added {
  readonly next: number;
  readonly closed: Batch | undefined;
}

/** Collects mapped events into batches: a plain data structure without a clock. */
export interface Batcher {
  /**
   * Adds an event; `event.id` and `event.index` hold no character that JSON escapes, its document no line break.
   * Returns the batch that was open before when the event did not fit into it any more.
   */
  add(event: MappedEvent, source: ItemSource, stream: StreamRef): Batch | undefined;
  /**
   * Adds events of a run from one on, as many as fit, but one at least. Gives the number of the first one that was not added, and the
   * batch that was open before when not even one fitted into it.
   *
   * @param streamOf the stream for an event of a time, in milliseconds since 1970
   */
  addRun(run: DecodedRun, event: number, streamOf: (time: number) => StreamRef): Added;
  /**
   * Notes that the stream is finished up to `position` once everything added before is. Returns the batch that was open
   * before when it had marks of as many streams as it may have events.
   */
  mark(stream: StreamRef, position: Position, done: boolean): Batch | undefined;
  /** Closes the open batch; undefined when it has neither items nor marks. */
  take(): Batch | undefined;
  /** Gives the memory of a finished batch back; its bytes must not be read any more. */
  release(batch: Batch): void;
}

/** UTF-8 needs at most this many bytes for a UTF-16 unit. */
const maxBytesPerUnit = 3;
const newline = 0x0a;

export function createBatcher(limits: BatchLimits): Batcher {
  return new BufferBatcher(limits);
}

/** What a batch is written into. Where nothing is written it takes no memory. */
interface Room {
  readonly body: Buffer;
  readonly originals: Buffer;
}

const EMPTY = Buffer.alloc(0);

class BufferBatcher implements Batcher {
  readonly #limits: BatchLimits;
  /** Of released batches: allocating megabytes for every batch costs page faults and memory peaks. */
  readonly #free: Room[] = [];
  readonly #rooms = new WeakMap<Batch, Room>();
  readonly #actions = new Map<string, string>();
  #room: Room | undefined;
  /** Where the open body is to end. */
  #end = 0;
  #size = 0;
  #offsets: number[] = [0];
  #streams: StreamRef[] = [];
  #starts: number[] = [];
  #froms: number[] = [];
  #tos: number[] = [];
  #marks = new Map<string, Mark>();
  /** The latest mark, kept apart from the map because it changes with every event. */
  #stream: StreamRef | undefined;
  #position: Position | undefined;
  #done = false;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  add(event: MappedEvent, source: ItemSource, stream: StreamRef): Batch | undefined {
    const length = source.to - source.from;
    let room = (this.#room ??= this.#allocate(0, 0));
    let end = this.#isFull(length) ? room.body.length + 1 : this.#put(event, room.body, this.#size);
    let closed: Batch | undefined;
    if (end > this.#end && this.#starts.length > 0) {
      closed = this.take();
      room = this.#room = this.#allocate(0, 0);
      end = this.#put(event, room.body, 0);
    }
    if (end > room.body.length || length > room.originals.length) {
      room = this.#room = this.#allocate(this.#bytesOf(event), length);
      end = this.#put(event, room.body, 0);
    }
    const at = this.#tos.at(-1) ?? 0;
    source.buffer.copy(room.originals, at, source.from, source.to);
    this.#push(end, stream, source.start, at, at + length);
    this.#note(stream, source.end, false);
    return closed;
  }

  addRun(run: DecodedRun, event: number, streamOf: (time: number) => StreamRef): Added {
    const closed = this.#isFull(run.to(event) - run.from(event)) || !this.#fits(run, event) ? this.take() : undefined;
    const needed = run.lineEnd(event) - run.lineEnd(event - 1);
    const room = (this.#room ??= this.#allocate(needed, run.to(event) - run.from(event)));
    // What stands between the events is copied with them.
    const [from, line] = [run.from(event), run.lineEnd(event - 1)];
    const at = this.#tos.at(-1) ?? 0;
    const shift = at - from;
    const before = this.#size;
    const most = Math.min(run.count, event + this.#limits.maxEvents - this.#starts.length);
    let next = event;
    for (; next < most; next++) {
      const [begin, end] = [run.from(next) + shift, run.to(next) + shift];
      const size = before + run.lineEnd(next) - line;
      if (next > event && (size > this.#end || end > room.originals.length)) break;
      this.#push(size, streamOf(run.time(next)), run.start + run.from(next), begin, end);
    }
    run.buffer.copy(room.originals, at, from, run.to(next - 1));
    run.lines.copy(room.body, before, line, run.lineEnd(next - 1));
    const offset = run.start + run.to(next - 1);
    this.#note(this.#streams.at(-1) as StreamRef, { offset, arrayDepth: run.end.arrayDepth }, false);
    return { next, closed };
  }

  /** Notes an item that ends at `size` in the body, and whose original stands from `from` to `to`. */
  #push(size: number, stream: StreamRef, start: number, from: number, to: number): void {
    this.#size = size;
    this.#offsets.push(size);
    this.#streams.push(stream);
    this.#starts.push(start);
    this.#froms.push(from);
    this.#tos.push(to);
  }

  /** Whether an event's lines fit into the open batch, of which one event alone may be larger. */
  #fits(run: DecodedRun, event: number): boolean {
    if (this.#room === undefined) return true;
    const size = this.#size + run.lineEnd(event) - run.lineEnd(event - 1);
    return size <= this.#end || (this.#starts.length === 0 && size <= this.#room.body.length);
  }

  /** Whether the open batch takes no more: neither an event nor, with so many bytes of originals, this one. */
  #isFull(original: number): boolean {
    if (this.#starts.length >= this.#limits.maxEvents) return true;
    return this.#room !== undefined && (this.#tos.at(-1) ?? 0) + original > this.#room.originals.length;
  }

  /** Writes an item into a body. Returns the index behind it, one beyond the body's end when it does not fit. */
  #put(event: MappedEvent, body: Buffer, from: number): number {
    const action = this.#action(event.index);
    let at = from + action.length + event.id.length + ACTION_END.length;
    if (at >= body.length) return body.length + 1;
    body.write(action + event.id + ACTION_END, from, 'latin1');
    const { source } = event;
    const room = body.length - at - 1;
    // Counting the bytes exactly means reading the whole string: only needed when it is close.
    if (source.length * maxBytesPerUnit > room && Buffer.byteLength(source) > room) return body.length + 1;
    at += body.write(source, at, event.ascii ? 'latin1' : 'utf8');
    body[at] = newline;
    return at + 1;
  }

  mark(stream: StreamRef, position: Position, done: boolean): Batch | undefined {
    const closed = this.#marks.size < this.#limits.maxEvents ? undefined : this.take();
    this.#note(stream, position, done);
    return closed;
  }

  #note(stream: StreamRef, position: Position, done: boolean): void {
    if (stream !== this.#stream) this.#keepMark();
    this.#stream = stream;
    this.#position = position;
    this.#done = done;
  }

  take(): Batch | undefined {
    this.#keepMark();
    if (this.#marks.size === 0) return undefined;
    const batch: Batch = {
      count: this.#starts.length,
      body: this.#room?.body.subarray(0, this.#size) ?? EMPTY,
      offsets: this.#offsets,
      streams: this.#streams,
      starts: this.#starts,
      originals: this.#room?.originals ?? EMPTY,
      froms: this.#froms,
      tos: this.#tos,
      marks: this.#marks,
    };
    if (this.#room !== undefined) this.#rooms.set(batch, this.#room);
    this.#room = undefined;
    this.#size = 0;
    this.#offsets = [0];
    this.#streams = [];
    this.#starts = [];
    this.#froms = [];
    this.#tos = [];
    this.#marks = new Map();
    this.#stream = undefined;
    return batch;
  }

  release(batch: Batch): void {
    const room = this.#rooms.get(batch);
    if (room === undefined || !this.#rooms.delete(batch)) return;
    if (room.body.length === this.#limits.maxBytes && room.originals.length === this.#limits.maxBytes)
      this.#free.push(room);
  }

  #keepMark(): void {
    if (this.#stream && this.#position)
      this.#marks.set(this.#stream.id, { position: this.#position, done: this.#done });
  }

  #action(index: string): string {
    let action = this.#actions.get(index);
    if (action === undefined) this.#actions.set(index, (action = actionBegin(index)));
    return action;
  }

  #bytesOf(event: MappedEvent): number {
    const { index, id, source } = event;
    return this.#action(index).length + id.length + ACTION_END.length + Buffer.byteLength(source) + 1;
  }

  /** Room for a batch, or for one event that needs more bytes than a batch may have. */
  #allocate(body: number, originals: number): Room {
    const { maxBytes, targetBytes } = this.#limits;
    this.#end = Math.min(maxBytes, targetBytes?.() ?? maxBytes);
    const free = body > maxBytes || originals > maxBytes ? undefined : this.#free.pop();
    return (
      free ?? {
        body: Buffer.allocUnsafeSlow(Math.max(maxBytes, body)),
        originals: Buffer.allocUnsafeSlow(Math.max(maxBytes, originals)),
      }
    );
  }
}

/** The bulk body of some items (ascending item numbers), copied from the batch's own bytes. */
export function bodyOf(batch: Batch, items: readonly number[]): Buffer {
  if (items.length === batch.count) return batch.body;
  const parts: Buffer[] = [];
  let from = 0;
  for (let i = 0; i < items.length; i += 1) {
    // Neighbours are copied in one go.
    if (items[i + 1] === (items[i] ?? 0) + 1) continue;
    parts.push(batch.body.subarray(batch.offsets[items[from] ?? 0], batch.offsets[(items[i] ?? 0) + 1]));
    from = i + 1;
  }
  return Buffer.concat(parts);
}

/** Everything about one item; index and id are read back from its action line. */
export function originOf(batch: Batch, item: number): ItemOrigin {
  const offset = batch.offsets[item];
  const stream = batch.streams[item];
  if (offset === undefined || stream === undefined) throw new RangeError(`the batch has no item ${item}`);
  const line = batch.body.toString('utf8', offset, batch.body.indexOf(newline, offset));
  const { create } = JSON.parse(line) as { create: { _index: string; _id: string } };
  return {
    stream,
    start: batch.starts[item] ?? 0,
    bytes: batch.originals.subarray(batch.froms[item], batch.tos[item]),
    index: create._index,
    id: create._id,
  };
}
