import { Worker } from 'node:worker_threads';
import { BufferPool } from '../buffer-pool.js';
import { packagePath } from '../package-root.js';
import type { ReadableStream, Reader, ReadPiece } from '../reader.js';
import {
  MOST_CHUNKS,
  type FromThread,
  type SentPiece,
  type ThreadFailure,
  type ThreadOptions,
  type ToThread,
} from './messages.js';
import { unpack } from './packing.js';

/** What a stream's reader here waits for. */
type Told =
  | { readonly kind: 'pieces'; readonly buffer: ArrayBuffer; readonly pieces: readonly SentPiece[] }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly failure: ThreadFailure };

/** Young garbage of the thread, in MiB: it makes little, and what it may is memory that is taken. */
const YOUNG_MIB = 8;

/** Buffers for chunks that are kept to be used again. */
const MOST_FREE = 8;

/**
 * A reader that reads bytes in this thread, and decodes, validates and maps in another one: what happens on the network and on the disk
 * goes on meanwhile.
 */
export function createThreadedReader(options: ThreadOptions): Reader {
  return new ThreadedReader(options);
}

class ThreadedReader implements Reader {
  readonly #worker: Worker;
  readonly #streams = new Map<number, RemoteStream>();
  readonly #pool = new BufferPool((bytes) => new ArrayBuffer(bytes), MOST_FREE);
  #begun = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: ThreadOptions) {
    this.#worker = new Worker(packagePath('dist/reader/thread.js'), {
      workerData: options,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
    });
    this.#worker.on('message', (message: FromThread) => {
      // Also of streams that have come to their end.
      if (message.kind === 'taken') this.#pool.give(message.buffer);
      this.#streams.get(message.stream)?.told(message);
    });
    this.#worker.on('messageerror', (error) => this.#fail(error));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`the thread that maps events ended with ${code}`)));
  }

  async *read(stream: ReadableStream): AsyncGenerator<readonly ReadPiece[]> {
    const number = (this.#begun += 1);
    const post = (message: ToThread, transfer: ArrayBuffer[] = []): void => this.#worker.postMessage(message, transfer);
    const remote = new RemoteStream(number, post, this.#pool);
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#streams.set(number, remote);
    try {
      yield* remote.read(stream);
    } finally {
      this.#streams.delete(number);
    }
  }

  async close(): Promise<void> {
    this.#worker.removeAllListeners('exit');
    await this.#worker.terminate();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    for (const stream of this.#streams.values()) stream.fail(error);
  }
}

/** One stream: its bytes go to the thread as fast as that takes them, its pieces come back in order. */
class RemoteStream {
  readonly #number: number;
  readonly #post: (message: ToThread, transfer?: ArrayBuffer[]) => void;
  readonly #told: Told[] = [];
  readonly #pool: BufferPool<ArrayBuffer>;
  #waiting = 0;
  #isOver = false;
  #wakeReader: () => void = () => undefined;
  #wakeFeeder: () => void = () => undefined;

  /** @param pool buffers for chunks, which all streams share */
  constructor(
    number: number,
    post: (message: ToThread, transfer?: ArrayBuffer[]) => void,
    pool: BufferPool<ArrayBuffer>,
  ) {
    this.#number = number;
    this.#post = post;
    this.#pool = pool;
  }

  async *read({ origin, resume, seeked, final, bytes }: ReadableStream): AsyncGenerator<readonly ReadPiece[]> {
    const stream = this.#number;
    this.#post({ kind: 'begin', stream, origin, resume, seeked, final });
    const feeding = this.#feed(bytes);
    try {
      for (let told = await this.#next(); told.kind !== 'ended'; told = await this.#next()) {
        if (told.kind === 'failed') {
          const { error, isOfBytes } = told.failure;
          throw isOfBytes ? ((await feeding)?.error ?? error) : error;
        }
        const { buffer } = told;
        yield unpack(told);
        this.#post({ kind: 'used', stream, buffer }, [buffer]);
      }
    } finally {
      // Not waited for: an input may be silent for hours.
      this.#isOver = true;
      this.#wakeFeeder();
      this.#post({ kind: 'leave', stream });
    }
  }

  told(message: FromThread): void {
    switch (message.kind) {
      case 'pieces':
        this.#told.push(message);
        return this.#wakeReader();
      case 'taken':
        this.#waiting--;
        return this.#wakeFeeder();
      case 'ended':
        this.#told.push(
          message.failure === undefined ? { kind: 'ended' } : { kind: 'failed', failure: message.failure },
        );
        return this.#wakeReader();
    }
  }

  /** The thread is gone. */
  fail(error: unknown): void {
    this.#isOver = true;
    this.#wakeFeeder();
    this.#told.push({ kind: 'failed', failure: { error, isOfBytes: false } });
    this.#wakeReader();
  }

  async #next(): Promise<Told> {
    for (;;) {
      const told = this.#told.shift();
      if (told !== undefined) return told;
      await new Promise<void>((resolve) => (this.#wakeReader = resolve));
    }
  }

  /** Gives the thread the bytes; what they throw is told when all pieces before it are. */
  async #feed(bytes: AsyncIterable<Buffer>): Promise<{ readonly error: unknown } | undefined> {
    let failure: { readonly error: unknown } | undefined;
    try {
      for await (const chunk of bytes) {
        // One more is kept by the thread, as long as the next one is not used up.
        while (this.#waiting > MOST_CHUNKS && !this.#isOver)
          await new Promise<void>((resolve) => (this.#wakeFeeder = resolve));
        if (this.#isOver) return undefined;
        this.#send(chunk);
      }
    } catch (error) {
      failure = { error };
    }
    if (!this.#isOver) this.#post({ kind: 'end', stream: this.#number, failed: failure !== undefined });
    return failure;
  }

  #send(chunk: Buffer): void {
    const buffer = this.#pool.take(chunk.length);
    chunk.copy(Buffer.from(buffer));
    this.#waiting++;
    this.#post({ kind: 'chunk', stream: this.#number, buffer, length: chunk.length }, [buffer]);
  }
}
