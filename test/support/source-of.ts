import type { ConnectorError } from '../../src/errors.js';
import type { InputStream, Position, Source } from '../../src/record.js';

export interface StreamPlan {
  readonly id: string;
  /** Chunks in order; an error is thrown where it stands, a function is awaited there. */
  readonly chunks: readonly (string | ConnectorError | (() => Promise<unknown>))[];
}

export interface PlannedSource extends Source {
  /** What was acknowledged: the last position of each stream, and whether its end was. */
  readonly acked: Map<string, { position: Position; done: boolean }>;
  /** Most streams that were being read at the same time. */
  readonly most: () => number;
}

/** A source whose streams go as planned; an error in the place of a stream is thrown there. */
export function sourceOf(plans: readonly (StreamPlan | ConnectorError)[], parallel?: number): PlannedSource {
  const acked: PlannedSource['acked'] = new Map();
  let open = 0;
  let most = 0;
  async function* bytes({ chunks }: StreamPlan): AsyncGenerator<Buffer> {
    most = Math.max(most, (open += 1));
    try {
      for (const chunk of chunks) {
        if (chunk instanceof Error) throw chunk;
        if (typeof chunk === 'string') yield Buffer.from(chunk);
        else await chunk();
      }
    } finally {
      open -= 1;
    }
  }
  const streamOf = (plan: StreamPlan): InputStream => ({
    id: plan.id,
    origin: { input: 'file', path: plan.id },
    resume: { offset: 0, arrayDepth: 0 },
    bytes: bytes(plan),
    seeked: false,
    final: true,
  });
  return {
    ...(parallel !== undefined && { parallel }),
    acked,
    most: () => most,
    async *streams(signal) {
      for (const plan of plans) {
        await Promise.resolve();
        if (signal.aborted) return;
        if (plan instanceof Error) throw plan;
        yield streamOf(plan);
      }
    },
    ack(id, position, done) {
      acked.set(id, { position, done });
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
