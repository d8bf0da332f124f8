import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { ConnectorError } from '../errors.js';
import type { InputStream, Source } from '../record.js';

/**
 * Events from standard input, to its end. There is no way back in a pipe, so nothing is kept of how far it was read; an
 * event sent twice gets the same document id.
 */
export function stdinSource(input: Readable = process.stdin): Source {
  return {
    async *streams(signal: AbortSignal): AsyncGenerator<InputStream> {
      await Promise.resolve();
      if (signal.aborted) return;
      yield {
        id: `stdin:${randomUUID()}`,
        origin: { input: 'stdin' },
        resume: { offset: 0, arrayDepth: 0 },
        bytes: read(input, signal),
        seeked: false,
        final: true,
        // Whether the same was fed before, nobody here knows.
        mayBeStored: true,
      };
    },
    ack: () => Promise.resolve(),
    close: () => {
      input.destroy();
      return Promise.resolve();
    },
  };
}

/** A stop must not wait for a writer that says nothing. */
async function* read(input: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  const stop = (): void => void input.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of input as AsyncIterable<Buffer | string>) yield Buffer.from(chunk as Buffer);
  } catch (cause) {
    if (signal.aborted) throw signal.reason as Error;
    const message = `reading stopped: ${String(cause)}`;
    throw new ConnectorError('CCX_INPUT_UNREADABLE', message, { place: 'standard input', cause });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
