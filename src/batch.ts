import type { DecodedEvent, MappedEvent, Origin, Position } from './record.js';

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

/** What is read of a decoded event; nothing else of it is kept, its parsed value least of all. */
export type ItemSource = Pick<DecodedEvent, 'start' | 'end' | 'buffer' | 'from' | 'to'>;

/** Where an item came from and where it goes: what the reject store keeps of it. */
export interface ItemOrigin {
  readonly stream: StreamRef;
  /** Byte offset in the decompressed stream. */
  readonly start: number;
  /** The vendor's event as it was read. */
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
  readonly sources: readonly Buffer[];
  readonly froms: readonly number[];
  readonly tos: readonly number[];
  /** By stream id. */
  readonly marks: ReadonlyMap<string, Mark>;
}

/** Collects mapped events into batches: a plain data structure without a clock. */
export interface Batcher {
  /**
   * Adds an event; `event.id` and `event.index` hold no character that JSON escapes, its document no line break.
   * Returns the batch that was open before when the event did not fit into it any more.
   */
  add(event: MappedEvent, source: ItemSource, stream: StreamRef): Batch | undefined;
  /**
   * Notes that the stream is finished up to `position` once everything added before is. Returns the batch that was open
   * before when it had marks of as many streams as it may have events.
   */
  mark(stream: StreamRef, position: Position, done: boolean): Batch | undefined;
  /** Closes the open batch; undefined when it has neither items nor marks. */
  take(): Batch | undefined;
  /** Gives the memory of a finished batch back; its body must not be read any more. */
  release(batch: Batch): void;
}

/** UTF-8 needs at most this many bytes for a UTF-16 unit. */
const maxBytesPerUnit = 3;
const newline = 0x0a;
const actionEnd = '"}}\n';

export function createBatcher(limits: BatchLimits): Batcher {
  return new BufferBatcher(limits);
}

class BufferBatcher implements Batcher {
  readonly #limits: BatchLimits;
  /** Bodies of released batches: allocating megabytes for every batch costs page faults and memory peaks. */
  readonly #free: Buffer[] = [];
  readonly #actions = new Map<string, string>();
  #body: Buffer | undefined;
  /** Where the open body is to end. */
  #end = 0;
  #size = 0;
  #offsets: number[] = [0];
  #streams: StreamRef[] = [];
  #starts: number[] = [];
  #sources: Buffer[] = [];
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
    let closed = this.#starts.length < this.#limits.maxEvents ? undefined : this.take();
    let body = (this.#body ??= this.#allocate(0));
    let end = this.#put(event, body, this.#size);
    if (end > this.#end && this.#starts.length > 0) {
      closed = this.take();
      body = this.#body = this.#allocate(0);
      end = this.#put(event, body, 0);
    }
    if (end > body.length) {
      body = this.#body = this.#allocate(this.#bytesOf(event));
      end = this.#put(event, body, 0);
    }
    this.#size = end;
    this.#offsets.push(end);
    this.#streams.push(stream);
    this.#starts.push(source.start);
    this.#sources.push(source.buffer);
    this.#froms.push(source.from);
    this.#tos.push(source.to);
    this.#note(stream, source.end, false);
    return closed;
  }

  /** Writes an item into a body. Returns the index behind it, one beyond the body's end when it does not fit. */
  #put(event: MappedEvent, body: Buffer, from: number): number {
    const action = this.#action(event.index);
    let at = from + action.length + event.id.length + actionEnd.length;
    if (at >= body.length) return body.length + 1;
    body.write(action + event.id + actionEnd, from, 'latin1');
    if (event.writeTo !== undefined) at = event.writeTo(body, at);
    else {
      const { source } = event;
      const room = body.length - at - 1;
      // Counting the bytes exactly means reading the whole string: only needed when it is close.
      if (source.length * maxBytesPerUnit > room && Buffer.byteLength(source) > room) return body.length + 1;
      at += body.write(source, at, event.ascii ? 'latin1' : 'utf8');
    }
    if (at < body.length) body[at] = newline;
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
      body: this.#body?.subarray(0, this.#size) ?? Buffer.alloc(0),
      offsets: this.#offsets,
      streams: this.#streams,
      starts: this.#starts,
      sources: this.#sources,
      froms: this.#froms,
      tos: this.#tos,
      marks: this.#marks,
    };
    this.#body = undefined;
    this.#size = 0;
    this.#offsets = [0];
    this.#streams = [];
    this.#starts = [];
    this.#sources = [];
    this.#froms = [];
    this.#tos = [];
    this.#marks = new Map();
    this.#stream = undefined;
    return batch;
  }

  release(batch: Batch): void {
    const whole = Buffer.from(batch.body.buffer);
    if (whole.length === this.#limits.maxBytes && !this.#free.some(({ buffer }) => buffer === whole.buffer))
      this.#free.push(whole);
  }

  #keepMark(): void {
    if (this.#stream && this.#position)
      this.#marks.set(this.#stream.id, { position: this.#position, done: this.#done });
  }

  #action(index: string): string {
    let action = this.#actions.get(index);
    if (action === undefined)
      this.#actions.set(index, (action = `{"create":{"_index":${JSON.stringify(index)},"_id":"`));
    return action;
  }

  #bytesOf(event: MappedEvent): number {
    const { index, id, source } = event;
    return this.#action(index).length + id.length + actionEnd.length + Buffer.byteLength(source) + 1;
  }

  #allocate(needed: number): Buffer {
    const { maxBytes, targetBytes } = this.#limits;
    this.#end = Math.min(maxBytes, targetBytes?.() ?? maxBytes);
    return needed > maxBytes ? Buffer.allocUnsafeSlow(needed) : (this.#free.pop() ?? Buffer.allocUnsafeSlow(maxBytes));
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
    bytes: (batch.sources[item] ?? Buffer.alloc(0)).subarray(batch.froms[item], batch.tos[item]),
    index: create._index,
    id: create._id,
  };
}
