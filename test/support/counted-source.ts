import type { InputStream, Source } from '../../src/record.js';

export interface Counted extends Source {
  /** Bytes that were read and are neither stored nor rejected. */
  readonly held: number;
}

/** The same source of plain (not gzipped) streams, whose bytes are counted when they are read, and when they are acknowledged. */
export function counted(source: Source): Counted {
  const acked = new Map<string, number>();
  let held = 0;

  async function* count(bytes: InputStream['bytes']): AsyncGenerator<Buffer> {
    for await (const chunk of bytes) {
      held += chunk.length;
      yield chunk;
    }
  }

  return {
    parallel: source.parallel ?? 1,
    get held() {
      return held;
    },
    async *streams(signal) {
      for await (const stream of source.streams(signal)) {
        acked.set(stream.id, stream.resume.offset);
        yield { ...stream, bytes: count(stream.bytes) };
      }
    },
    ack(id, position, done) {
      held -= position.offset - (acked.get(id) ?? 0);
      acked.set(id, position.offset);
      return source.ack(id, position, done);
    },
    close: () => source.close(),
  };
}
