import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnector, type ConnectorOptions } from '../../src/connector.js';
import { loadConfig } from '../../src/config.js';
import type { RunSummary } from '../../src/run.js';
import { runCli, startCli, writeConfig, type CliOptions, type Ended, type StartedCli } from './cli.js';
import { storedIn, type Stored } from './engine-data.js';
import type { EngineUnderTest } from './engine-matrix.js';
import { keepLog, type LogLine } from './sending.js';
import { tempDir } from './temp-dir.js';

export interface WorkplaceOptions {
  /** Part of the data streams' names: its own for each test, as tests share an engine. */
  readonly namespace: string;
  /** Where to send instead of straight to the engine. */
  readonly url?: string;
  readonly output?: object;
  readonly input?: object;
  /** In place of the input that reads the folder. */
  readonly inputs?: readonly object[];
  /** Settings outside output and inputs. */
  readonly settings?: object;
}

/** A folder with a configuration, a folder for event files and a data folder, as a user has it. */
export interface Workplace {
  readonly folder: string;
  /** What is in here is read. */
  readonly events: string;
  readonly dataDir: string;
  readonly stored: Stored;
  /** The command line in this folder, to its end. */
  cli(args: readonly string[], options?: Partial<CliOptions>): Promise<Ended>;
  start(args: readonly string[], options?: Partial<CliOptions>): StartedCli;
  /** The same through the library, inside this process. */
  ship(options?: Partial<ConnectorOptions>): Promise<RunSummary & { readonly lines: LogLine[] }>;
  /** Forgets how far the files were read, as a lost disk does. */
  forget(): Promise<void>;
}

/** For use inside a test: the folder is removed after it. */
export async function workplace(engine: EngineUnderTest, options: WorkplaceOptions): Promise<Workplace> {
  const folder = await tempDir();
  const events = join(folder, 'events');
  await mkdir(events);
  let generation = 0;
  const dataDir = (): string => join(folder, `data-${generation}`);
  const configure = (): Promise<void> => writeConfig(folder, configOf(engine, options, events, dataDir()));
  await configure();
  return {
    folder,
    events,
    get dataDir() {
      return dataDir();
    },
    stored: storedIn(engine, options.namespace),
    cli: (args, more) => runCli(args, { cwd: folder, ...more }),
    start: (args, more) => startCli(args, { cwd: folder, ...more }),
    async ship(more) {
      const { log, lines } = keepLog();
      const config = loadConfig({ file: join(folder, 'cloudconnexa-ecs.yml'), env: {} });
      const summary = await createConnector(config, { log, once: true, ...more }).run(new AbortController().signal);
      return { ...summary, lines };
    },
    async forget() {
      generation += 1;
      await configure();
    },
  };
}

function configOf(
  engine: EngineUnderTest,
  { namespace, url, output, input, inputs, settings }: WorkplaceOptions,
  events: string,
  dataDir: string,
): object {
  return {
    output: {
      hosts: [url ?? engine.running().url],
      namespace,
      request_timeout_s: 30,
      retry: { initial_ms: 20, max_s: 0.5, auth_wait_s: 0.2 },
      ...output,
    },
    inputs: inputs ?? [{ type: 'file', paths: [join(events, '*')], ...input }],
    data_dir: dataDir,
    ...settings,
  };
}

/** Installs the templates on a shared engine; what is there already stays. */
export async function installAssets(engine: EngineUnderTest): Promise<void> {
  const { code, stdout, stderr } = await runCli(['setup', '-s', `output.hosts=${engine.running().url}`], {
    cwd: '/',
  });
  if (code !== 0) throw new Error(`setup ended with ${code}: ${stdout}${stderr}`);
}
