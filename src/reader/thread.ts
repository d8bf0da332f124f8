import { parentPort, workerData } from 'node:worker_threads';
import { BufferPool } from '../buffer-pool.js';
import { systemClock } from '../clock.js';
import { loadMappings } from '../map/list.js';
import { createMapper } from '../map/mapper.js';
import { createReader } from '../reader.js';
import { createValidator } from '../validate.js';
import { MOST_PIECES, type FromThread, type ThreadOptions, type ToThread } from './messages.js';
import { pack } from './packing.js';

/** Buffers for pieces are made no smaller, so that they can be used again. */
const LEAST_BYTES = 512 * 1024;

/** Bytes that should have come did not. */
class BytesFailed extends Error {}

/** Bytes of a stream, or their end. */
type Came = ToThread & { readonly kind: 'chunk' | 'end' };

/** Reads streams whose bytes come as messages; their pieces go as messages. */
class ThreadStream {
  readonly #number: number;
  readonly #chunks: Came[] = [];
  /** The chunks that reading may still look at. */
  readonly #given: ArrayBuffer[] = [];
  #unused = 0;
  #isLeft = false;
  #wake: () => void = () => undefined;

  constructor(number: number) {
    this.#number = number;
  }

  add(chunk: Came): void {
    this.#chunks.push(chunk);
    this.#wake();
  }

  used(): void {
    this.#unused--;
    this.#wake();
  }

  leave(): void {
    this.#isLeft = true;
    this.#wake();
  }

  async read(begin: ToThread & { kind: 'begin' }): Promise<void> {
    const { origin, resume, seeked, final } = begin;
    try {
      for await (const found of reader.read({ origin, resume, seeked, final, bytes: this.#bytes() })) {
        const { buffer, pieces } = pack(found, pool);
        this.#unused++;
        post({ kind: 'pieces', stream: this.#number, buffer, pieces }, [buffer]);
        await this.#until(() => this.#unused < MOST_PIECES);
        if (this.#isLeft) return;
      }
    } finally {
      for (const buffer of this.#given.splice(0)) this.#giveBack(buffer);
    }
  }

  async *#bytes(): AsyncGenerator<Buffer> {
    for (;;) {
      await this.#until(() => this.#chunks.length > 0);
      const chunk = this.#chunks.shift();
      if (chunk?.kind !== 'chunk') {
        if (chunk?.failed === false) return;
        throw new BytesFailed('there are no more bytes');
      }
      this.#given.push(chunk.buffer);
      yield Buffer.from(chunk.buffer, 0, chunk.length);
      // It may be asked for until the one after it is used up.
      const before = this.#given.length > 1 ? this.#given.shift() : undefined;
      if (before !== undefined) this.#giveBack(before);
    }
  }

  #giveBack(buffer: ArrayBuffer): void {
    post({ kind: 'taken', stream: this.#number, buffer }, [buffer]);
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo() && !this.#isLeft) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

const port = parentPort;
if (port === null) throw new Error('this is a thread of its own');
const { mapper, limits } = workerData as ThreadOptions;
const lists = loadMappings();
const reader = createReader({
  ...{ mapper: createMapper(mapper, lists), validate: createValidator(lists) },
  ...{ limits, clock: systemClock },
});
const streams = new Map<number, ThreadStream>();
const pool = new BufferPool((bytes) => new ArrayBuffer(Math.max(bytes, LEAST_BYTES)), 2 * MOST_PIECES);

function post(message: FromThread, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

port.on('message', (message: ToThread) => {
  const { stream: number } = message;
  const stream = streams.get(number);
  switch (message.kind) {
    case 'begin': {
      const begun = new ThreadStream(number);
      streams.set(number, begun);
      begun
        .read(message)
        .then(
          () => post({ kind: 'ended', stream: number }),
          (error: unknown) =>
            post({ kind: 'ended', stream: number, failure: { error, isOfBytes: error instanceof BytesFailed } }),
        )
        .finally(() => streams.delete(number));
      return;
    }
    case 'chunk':
    case 'end':
      return stream?.add(message);
    case 'used':
      pool.give(message.buffer);
      return stream?.used();
    case 'leave':
      return stream?.leave();
  }
});
