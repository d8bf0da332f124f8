import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { openCheckpoint, type Checkpoint } from './checkpoint.js';
import { systemClock, type Clock } from './clock.js';
import type { Config, InputConfig } from './config.js';
import { createSender } from './deliver.js';
import { stampIngested } from './ingested.js';
import type { Logger } from './log.js';
import { createMapper } from './map/mapper.js';
import { untilReady } from './ready.js';
import type { Source } from './record.js';
import { openRejectStore } from './reject.js';
import { run, type RunProgress, type RunSummary } from './run.js';
import { fileSource } from './source/file.js';
import { stdinSource } from './source/stdin.js';
import { sendsIngested } from './target/capability.js';
import { createClient } from './target/client.js';
import { createValidator } from './validate.js';

export interface ConnectorOptions {
  readonly log: Logger;
  /** End when the inputs are exhausted and everything is acknowledged; otherwise go on until `signal` fires. */
  readonly once: boolean;
  /** Read by inputs of type stdin; the process's own by default. */
  readonly stdin?: Readable;
  readonly clock?: Clock;
  readonly observe?: (progress: RunProgress) => void;
}

/** A connector made from a configuration. */
export interface Connector {
  /**
   * Ships events until the inputs end (`once`) or `signal` fires; then what is under way is finished first.
   * @throws ConnectorError with the code of what stopped it; nothing unfinished is acknowledged then.
   */
  run(signal: AbortSignal): Promise<RunSummary>;
}

const NOTHING: RunSummary = { indexed: 0, duplicates: 0, rejected: 0, unfinished: 0 };
const TEMPLATE = 'logs-cloudconnexa';

/** Makes a connector; nothing is opened or sent before `run`. */
export function createConnector(config: Config, options: ConnectorOptions): Connector {
  return { run: (signal) => runOnce(config, options, signal) };
}

async function runOnce(config: Config, options: ConnectorOptions, signal: AbortSignal): Promise<RunSummary> {
  const { log, clock = systemClock, observe } = options;
  const client = createClient(config.output);
  const checkpoint = await openCheckpoint(config.data_dir, { logger: log });
  const rejects = await openRejectStore(config.data_dir);
  const sources = config.inputs.map((input) => makeSource(input, checkpoint, options));
  try {
    const place = config.output.hosts.join(', ');
    const target = await untilReady(
      { client, place, template: TEMPLATE, clock, log, engine: config.output.engine },
      signal,
    );
    if (target === undefined) return NOTHING;
    const setIngested = sendsIngested(target);
    log.info({ engine: target.engine, version: target.version, hosts: place, set_ingested: setIngested }, 'Connected');
    const mapper = createMapper({
      namespace: config.output.namespace,
      internalNetworks: config.mapping.internal_networks,
      setIngested,
    });
    const stamp = setIngested ? { beforeSend: stampIngested } : {};
    const sender = createSender({ client, config: config.output, log, clock, ...stamp });
    const stages = { config, sources, validate: createValidator(), mapper, sender, rejects, clock, log };
    return await run(stages, signal, observe);
  } finally {
    await Promise.all(sources.map((source) => source.close()));
    await rejects.close();
    await checkpoint.close();
    await client.close();
  }
}

function makeSource(input: InputConfig, checkpoint: Checkpoint, { once, log, stdin }: ConnectorOptions): Source {
  switch (input.type) {
    case 'file':
      // ECS: log.file.path is the full path.
      return fileSource(
        { ...input, paths: input.paths.map((path) => resolve(path)) },
        { once, checkpoint, logger: log },
      );
    case 'stdin':
      return stdinSource(stdin);
  }
}
