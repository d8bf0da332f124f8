import { createBatcher, type Batch } from '../../src/batch.js';
import type { Clock } from '../../src/clock.js';
import { createSender, type BatchResult, type SendEvent, type SenderOptions } from '../../src/deliver.js';
import type { Logger, LogMethod } from '../../src/log.js';
import type { Pace } from '../../src/pace.js';
import { createClient, type Client } from '../../src/target/client.js';
import { startBulkServer, type BulkServer, type BulkServerOptions } from './bulk-server.js';

/** A batch of small documents with the ids given, for the data stream `logs-x-y`. */
export function batchOf(
  ids: readonly string[],
  size = 0,
  mayBeStored = false,
  indexOf = (_id: string): string => 'logs-x-y',
): Batch {
  const batcher = createBatcher({ maxBytes: 1_000_000, maxEvents: 10_000 });
  const stream = { id: 's', origin: { input: 'stdin' }, mayBeStored };
  ids.forEach((id, i) => {
    const source = JSON.stringify({ id, text: 'ü'.repeat(size) });
    batcher.add(
      { index: indexOf(id), id, source, ascii: false },
      { start: i, end: { offset: i + 1, arrayDepth: 0 }, buffer: Buffer.from(id), from: 0, to: id.length },
      stream,
    );
  });
  batcher.mark(stream, { offset: ids.length, arrayDepth: 0 }, true);
  const batch = batcher.take();
  if (!batch) throw new Error('no batch');
  return batch;
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** Keeps what is logged. */
export function keepLog(): { log: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const method =
    (level: string): LogMethod =>
    (...args: [string] | [Readonly<Record<string, unknown>>, string]) => {
      const [fields, message] = args.length === 1 ? [{}, args[0]] : args;
      lines.push({ ...fields, level, message });
    };
  return { log: { debug: method('debug'), info: method('info'), warn: method('warn'), error: method('error') }, lines };
}

/** A clock whose waits end at once and are written down. */
export function hurriedClock(): { clock: Clock; waits: number[] } {
  const waits: number[] = [];
  let now = Date.parse('2025-01-01T00:00:00Z');
  const after: Clock['after'] = (ms, fire) => {
    waits.push(ms);
    const immediate = setImmediate(() => {
      now += ms;
      fire();
    });
    return () => clearImmediate(immediate);
  };
  return { clock: { now: () => now, steady: () => now, after }, waits };
}

export interface Stage {
  readonly server: BulkServer;
  readonly client: Client;
  readonly lines: LogLine[];
  readonly waits: number[];
  readonly pace: Pace;
  readonly events: SendEvent[];
  deliver(batch: Batch, signal?: AbortSignal): Promise<BatchResult>;
  abort(): void;
  close(): Promise<void>;
}

export interface StageOptions extends BulkServerOptions {
  readonly hosts?: (url: string) => string[];
  readonly gzip?: boolean;
  readonly request_timeout_s?: number;
  readonly sender?: Partial<SenderOptions>;
}

/** A sender with its client, in front of a server that misbehaves as told. */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const { gzip = false, request_timeout_s = 5 } = options;
  const server = await startBulkServer(options);
  const hosts = options.hosts?.(server.url) ?? [server.url];
  const client = createClient({ hosts, gzip, request_timeout_s });
  const { log, lines } = keepLog();
  const { clock, waits } = hurriedClock();
  const events: SendEvent[] = [];
  const retry = { initial_ms: 100, max_s: 10, auth_wait_s: 30 };
  const batch = { max_bytes: 1_000_000, max_events: 10_000, max_age_s: 1 };
  const config = { gzip, request_timeout_s, retry, max_in_flight: 8, batch };
  const observe = (event: SendEvent): void => void events.push(event);
  const sender = createSender({ client, config, log, clock, random: () => 0.5, observe, ...options.sender });
  return {
    server,
    client,
    lines,
    waits,
    pace: sender.pace,
    events,
    deliver: (batch, signal = new AbortController().signal) => sender.deliver(batch, signal),
    abort: () => sender.abort(),
    async close() {
      await server.close();
      await client.close();
    },
  };
}
