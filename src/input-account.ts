import type { Checkpoint, CheckpointEntry } from './checkpoint.js';
import type { Clock } from './clock.js';
import type { InputConfig } from './config.js';
import { ConnectorError } from './errors.js';
import type { InputStream, JsonObject, Position, RunEnd, Source } from './record.js';

/** What one input has done since its `data_dir` was made, as `status` shows it. */
export interface InputAccount {
  /** Streams (files, objects) of which everything is stored or rejected. */
  readonly finished: number;
  /** Decompressed bytes of which the same is true. */
  readonly bytes: number;
  /** ISO 8601 time at which it last got on; null when it never did. */
  readonly last_progress: string | null;
  /** What keeps it, or one of its streams, from getting on; null when nothing does. */
  readonly fault: InputFault | null;
}

export interface InputFault {
  readonly code: string;
  readonly message: string;
  readonly place: string | null;
  /** ISO 8601 time at which it came up. */
  readonly since: string;
}

const ENTRY = 'input:';
/** How often what changes without an event, a fault, is noted. */
const NOTE_EVERY_MS = 2_000;
const NOTHING: InputAccount = { finished: 0, bytes: 0, last_progress: null, fault: null };

/** How an input is called in `status` and in the checkpoint: its type and its place. */
export function inputName(input: InputConfig): string {
  switch (input.type) {
    case 'file':
      return `file ${input.paths.join(', ')}`;
    case 's3':
      return `s3 s3://${input.bucket}/${input.prefix}${input.suffix === '' ? '' : `*${input.suffix}`}`;
    case 'sqs':
      return `sqs ${input.queue_url}`;
    case 'stdin':
      return 'stdin';
  }
}

/** The account of an input as a checkpoint has it; undefined when the input never ran with it. */
export function accountOf(input: InputConfig, entries: ReadonlyMap<string, CheckpointEntry>): InputAccount | undefined {
  return read(entries.get(ENTRY + inputName(input)));
}

/** The same source, whose progress and faults are noted in the checkpoint. */
export function accounted(source: Source, input: InputConfig, checkpoint: Checkpoint, clock: Clock): Source {
  return new AccountedSource(source, ENTRY + inputName(input), checkpoint, clock);
}

class AccountedSource implements Source {
  readonly parallel: number;
  readonly #source: Source;
  readonly #id: string;
  readonly #checkpoint: Checkpoint;
  readonly #clock: Clock;
  /** Where the streams under way are. */
  readonly #offsets = new Map<string, number>();
  /** What went wrong with one stream last, until one gets to its end. */
  #ofStream: ConnectorError | undefined;
  #account: InputAccount;
  #cancelNote: (() => void) | undefined;

  constructor(source: Source, id: string, checkpoint: Checkpoint, clock: Clock) {
    this.parallel = source.parallel ?? 1;
    this.#source = source;
    this.#id = id;
    this.#checkpoint = checkpoint;
    this.#clock = clock;
    this.#account = { ...(read(checkpoint.get(id)) ?? NOTHING), fault: null };
  }

  get fault(): ConnectorError | undefined {
    return this.#source.fault ?? this.#ofStream;
  }

  async *streams(signal: AbortSignal): AsyncGenerator<InputStream> {
    this.#noteAgain();
    try {
      for await (const stream of this.#source.streams(signal)) {
        this.#offsets.set(stream.id, stream.resume.offset);
        yield this.#watched(stream);
      }
    } catch (error) {
      this.#failed(error);
      throw error;
    }
  }

  async ack(streamId: string, position: Position, done: boolean): Promise<void> {
    await this.#source.ack(streamId, position, done);
    const { finished, bytes } = this.#account;
    const before = this.#offsets.get(streamId);
    const moved = position.offset - (before ?? position.offset);
    // A stream that failed is not under way any more, whatever of it is acknowledged later.
    if (before !== undefined) this.#offsets.set(streamId, position.offset);
    if (done) this.#offsets.delete(streamId);
    if (done) this.#ofStream = undefined;
    this.#account = {
      ...this.#account,
      finished: finished + Number(done),
      bytes: bytes + moved,
      last_progress: this.#time(),
    };
    this.#note();
  }

  async close(end?: RunEnd): Promise<void> {
    this.#cancelNote?.();
    await this.#source.close(end);
    this.#note();
  }

  #watched(stream: InputStream): InputStream {
    return {
      ...stream,
      bytes: this.#watch(stream),
      // It may become true while the stream is read.
      get mayBeStored() {
        return stream.mayBeStored ?? false;
      },
    };
  }

  async *#watch(stream: InputStream): AsyncGenerator<Buffer> {
    try {
      yield* stream.bytes;
    } catch (error) {
      this.#offsets.delete(stream.id);
      // What its source takes care of is its source's fault to tell.
      if (stream.retried !== true) this.#failed(error);
      throw error;
    }
  }

  #failed(error: unknown): void {
    if (error instanceof ConnectorError) this.#ofStream = error;
    this.#note();
  }

  #noteAgain(): void {
    this.#note();
    this.#cancelNote = this.#clock.after(NOTE_EVERY_MS, () => this.#noteAgain());
  }

  #note(): void {
    this.#account = { ...this.#account, fault: this.#faultNow() };
    const { finished, bytes, last_progress, fault } = this.#account;
    const identity: JsonObject = { finished, bytes, last_progress, fault: fault && { ...fault } };
    const before = this.#checkpoint.get(this.#id);
    if (before !== undefined && JSON.stringify(before.identity) === JSON.stringify(identity)) return;
    this.#checkpoint.set(this.#id, {
      position: { offset: 0, arrayDepth: 0 },
      done: false,
      identity,
    });
  }

  #faultNow(): InputFault | null {
    const { fault } = this;
    if (fault === undefined) return null;
    const { code, message, place = null } = fault;
    const before = this.#account.fault;
    const since = before?.code === code && before.place === place ? before.since : this.#time();
    return { code, message, place, since };
  }

  #time(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

/** An entry of another shape is of no account. */
function read(entry: CheckpointEntry | undefined): InputAccount | undefined {
  const kept = entry?.identity;
  if (typeof kept?.['finished'] !== 'number' || typeof kept['bytes'] !== 'number') return undefined;
  const { last_progress, fault } = kept as unknown as InputAccount;
  return { finished: kept['finished'], bytes: kept['bytes'], last_progress, fault };
}
