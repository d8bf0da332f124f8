import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { openCheckpoint, type Checkpoint } from './checkpoint.js';
import { systemClock, type Clock } from './clock.js';
import type { Config, InputConfig } from './config.js';
import { lockDataDir } from './data-dir/lock.js';
import { createSender, type Sender } from './deliver.js';
import { accounted } from './input-account.js';
import { stampIngested } from './ingested.js';
import type { Logger } from './log.js';
import { loadMappings } from './map/list.js';
import { createMapper, type FaultFinder, type Mapper, type MapperOptions } from './map/mapper.js';
import { createReader, type Reader } from './reader.js';
import { createThreadedReader } from './reader/threaded.js';
import { untilReady } from './ready.js';
import type { RunEnd, Source } from './record.js';
import { openRejectStore, type RejectStore, type RejectStoreOptions } from './reject.js';
import { tellRejectLoss } from './reject-loss.js';
import { reclaim } from './reclaim.js';
import { replay, type ReplaySummary } from './replay.js';
import { run, type RunProgress, type RunSummary } from './run.js';
import { fileSource } from './source/file.js';
import { stdinSource } from './source/stdin.js';
import { sendsIngested } from './target/capability.js';
import { createClient, type Client } from './target/client.js';
import { createValidator } from './validate.js';

export interface ConnectorOptions {
  readonly log: Logger;
  /** End when the inputs are exhausted and everything is acknowledged; otherwise go on until `signal` fires. */
  readonly once?: boolean;
  /** Read by inputs of type stdin; the process's own by default. */
  readonly stdin?: Readable;
  readonly clock?: Clock;
  /** Told after each finished batch. */
  readonly observe?: (progress: RunProgress) => void;
}

/** A connector made from a configuration. Both ways of using it throw a ConnectorError with the code of what stopped it. */
export interface Connector {
  /**
   * Ships events until the inputs end (`once`) or `signal` fires; then what is under way is finished first. Nothing
   * unfinished is acknowledged: the next run reads it again. One run at a time has the data_dir: CCX_DATA_DIR_LOCKED.
   */
  run(signal: AbortSignal): Promise<RunSummary>;
  /**
   * Ships the events of the reject store again, also while a run goes on. `refused` is told each record's id and the engine's
   * reason.
   */
  replay(signal: AbortSignal, refused: (id: string, reason: string) => void): Promise<ReplaySummary>;
}

/** What `run` and `replay` share once the cluster is there. */
interface Shipping {
  readonly mapperOptions: MapperOptions;
  readonly sender: Sender;
}

/** Makes a connector; nothing is opened or sent before `run` or `replay`. */
export function createConnector(config: Config, options: ConnectorOptions): Connector {
  return {
    run: (signal) => runSources(config, options, signal),
    replay: (signal, refused) => replayRejects(config, options, signal, refused),
  };
}

const NOTHING_DONE: RunSummary = { indexed: 0, duplicates: 0, rejected: 0, unfinished: 0 };

async function runSources(config: Config, options: ConnectorOptions, signal: AbortSignal): Promise<RunSummary> {
  const { log } = options;
  // What ends the run besides the user: data_dir is another's, or cannot be written any more.
  const halt = new AbortController();
  const stop = (error: unknown): void => halt.abort(error);
  const lock = await lockDataDir(config.data_dir, { log, signal, onLost: stop });
  if (lock === undefined) return NOTHING_DONE;
  const dataDir: DataDir = { guard: () => lock.check(), onStuck: stop, halted: halt.signal };
  try {
    const summary = await runLocked(config, options, AbortSignal.any([signal, halt.signal]), dataDir);
    halt.signal.throwIfAborted();
    return summary;
  } finally {
    await lock.release();
  }
}

/** What whoever writes to data_dir asks first, and tells. */
interface DataDir {
  readonly guard: () => Promise<void>;
  readonly onStuck: (error: unknown) => void;
  /** Fires when it is another's, or cannot be written any more. */
  readonly halted: AbortSignal;
}

function runLocked(
  config: Config,
  options: ConnectorOptions,
  signal: AbortSignal,
  { guard, onStuck, halted }: DataDir,
): Promise<RunSummary> {
  const { log, clock = systemClock, observe } = options;
  const { reject_store_bytes: maxBytes } = config.limits;
  return withRejects(config, { maxBytes, log, guard }, signal, async (rejects, client) => {
    await tellRejectLoss(config.data_dir, log);
    await rejects.tidy();
    const checkpoint = await openCheckpoint(config.data_dir, {
      ...{ logger: log, clock, guard, onStuck },
      rejects: () => rejects.mark,
    });
    const sources: Source[] = [];
    let end: RunEnd = 'failed';
    let reader: Reader | undefined;
    try {
      for (const input of config.inputs)
        sources.push(accounted(await makeSource(input, checkpoint, options), input, checkpoint, clock));
      const shipping = await prepare(client, config, options, signal);
      if (shipping === undefined) return NOTHING_DONE;
      const { sender, mapperOptions } = shipping;
      const { limits, workers } = config;
      reader =
        workers > 1
          ? createThreadedReader({ mapper: mapperOptions, limits })
          : createReader({ ...mappingStages(mapperOptions), limits, clock });
      await checkpoint.begin();
      const summary = await run({ config, sources, reader, sender, rejects, clock, log }, signal, observe);
      if (summary.unfinished === 0) checkpoint.finish();
      if (!halted.aborted) end = 'ended';
      return summary;
    } finally {
      // A run that was told to stop is not begun again by itself, whatever it meets while it ends.
      if (signal.aborted && !halted.aborted) end = 'ended';
      await Promise.all([reader?.close(), ...sources.map((source) => source.close(end))]);
      await checkpoint.close();
    }
  });
}

async function replayRejects(
  config: Config,
  options: ConnectorOptions,
  signal: AbortSignal,
  refused: (id: string, reason: string) => void,
): Promise<ReplaySummary> {
  const { log } = options;
  return withRejects(config, { log }, signal, async (rejects, client) => {
    const shipping = await prepare(client, config, options, signal);
    if (shipping === undefined) return { stored: 0, refused: 0, unreadable: 0, damaged: 0 };
    await tellRejectLoss(config.data_dir, log);
    const { sender, mapperOptions } = shipping;
    const summary = await replay({ config, rejects, sender, ...mappingStages(mapperOptions) }, signal, refused);
    if (summary.stored > 0) await reclaim(config.data_dir, rejects, log);
    return summary;
  });
}

async function withRejects<T>(
  config: Config,
  options: RejectStoreOptions,
  signal: AbortSignal,
  work: (rejects: RejectStore, client: Client) => Promise<T>,
): Promise<T> {
  const client = createClient(config.output);
  const rejects = await openRejectStore(config.data_dir, options);
  try {
    return await work(rejects, client);
  } finally {
    await rejects.close();
    const closed = client.close();
    // Closing waits for requests under way; after a stop those have had their time.
    if (!signal.aborted) await closed;
  }
}

/** Waits for the cluster and makes the stages that depend on what it can do; undefined when `signal` fired first. */
async function prepare(
  client: Client,
  { output, mapping }: Config,
  { log, clock = systemClock }: ConnectorOptions,
  signal: AbortSignal,
): Promise<Shipping | undefined> {
  const place = output.hosts.join(', ');
  const target = await untilReady(
    { client, place, namespace: output.namespace, clock, log, engine: output.engine, only: ['ingest_pipeline'] },
    signal,
  );
  if (target === undefined) return undefined;
  const setIngested = sendsIngested(target);
  log.info({ engine: target.engine, version: target.version, hosts: place, sets_ingested: setIngested }, 'Connected');
  const { namespace } = output;
  const stamp = setIngested ? { beforeSend: stampIngested } : {};
  return {
    mapperOptions: { namespace, internalNetworks: mapping.internal_networks, setIngested },
    sender: createSender({ client, config: output, log, clock, ...stamp }),
  };
}

/** The stages that validate and map in this thread. */
function mappingStages(options: MapperOptions): { readonly validate: FaultFinder; readonly mapper: Mapper } {
  const lists = loadMappings();
  return { validate: createValidator(lists), mapper: createMapper(options, lists) };
}

/** What speaks to AWS is loaded only where it is used: it takes time and memory. */
async function makeSource(
  input: InputConfig,
  checkpoint: Checkpoint,
  { once = false, log: logger, clock = systemClock, stdin }: ConnectorOptions,
): Promise<Source> {
  switch (input.type) {
    case 'file':
      // ECS: log.file.path is the full path.
      return fileSource({ ...input, paths: input.paths.map((path) => resolve(path)) }, { once, checkpoint, logger });
    case 'stdin':
      return stdinSource(stdin);
    case 's3':
      return (await import('./source/s3.js')).s3Source(input, { once, checkpoint, logger, clock });
    case 'sqs':
      return (await import('./source/sqs.js')).sqsSource(input, { once, logger, clock });
  }
}
