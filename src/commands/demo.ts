import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config.js';
import { createConnector } from '../connector.js';
import { printAlerts } from '../demo/alerts.js';
import { startDemoEngine } from '../demo/cluster.js';
import { progressBar } from '../demo/progress-bar.js';
import { writeSampleFile } from '../demo/sample-file.js';
import { analystView, printView } from '../demo/view.js';
import type { RunningEngine } from '../engine/index.js';
import { describeTarget } from '../install/print.js';
import { withCluster } from '../install/session.js';
import { startPreview } from '../preview/start.js';
import { oneLine } from '../printable.js';
import { loadRules } from '../rules/load.js';
import { runRules } from '../rules/run.js';
import { SAMPLE_SEED } from '../sample/events.js';
import { PERIOD_MS } from '../sample/options.js';
import type { CommandContext } from './context.js';

export interface DemoOptions {
  /** An own cluster to use; empty: an engine is fetched and started. */
  readonly hosts: readonly string[];
  /** Leave the engine running. */
  readonly keep: boolean;
  readonly seed: number | undefined;
  readonly events: number | undefined;
  /** Show the dashboards in a browser at the end; undefined: when a person sits at the terminal. */
  readonly preview: boolean | undefined;
}

const EVENTS = 20_000;
const NAMESPACE = 'demo';
const STREAMS = `logs-cloudconnexa.*-${NAMESPACE}`;

/**
 * The whole way in one command: an engine, all assets, sample events, and what an analyst would see of them. The events
 * go to the namespace `demo`, apart from real ones.
 * @returns 0, also when a signal ended it; 1 when a count is not what it must be
 * @throws ConnectorError CCX_ENGINE_… when no engine could be had; CCX_OUTPUT_… for a cluster of `hosts`
 */
export async function demoCommand(options: DemoOptions, context: CommandContext): Promise<number> {
  const say = (text: string): void => void context.stderr.write(`${oneLine(text)}\n`);
  const settings = await context.loadConfig();
  const folder = await mkdtemp(join(tmpdir(), 'cloudconnexa-ecs-demo-'));
  let engine: RunningEngine | undefined;
  try {
    engine = options.hosts.length === 0 ? await startDemoEngine(options.keep, (text) => say(`· ${text}`)) : undefined;
    const hosts = engine === undefined ? options.hosts : [engine.url];
    const config = demoConfig(settings, hosts, folder, engine !== undefined);
    await install(config, say);
    await ship(config, folder, options, context);
    if (context.signal.aborted) return 0;
    const code = await show(config, options.events ?? EVENTS, context);
    const kept = engine === undefined || options.keep;
    if (options.preview ?? isAttended(context)) await preview(config, context);
    context.stdout.write(nextSteps(hosts, engine, kept));
    return code;
  } finally {
    if (engine !== undefined && !options.keep) await engine.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The user's own settings, but for where events come from and go to; our own engine has neither users nor TLS. */
function demoConfig(config: Config, hosts: readonly string[], folder: string, own: boolean): Config {
  const output = { ...config.output, hosts, namespace: NAMESPACE };
  if (own) {
    output.engine = 'auto';
    for (const access of ['api_key', 'bearer_token', 'username', 'password', 'ca', 'ca_fingerprint'] as const) {
      delete output[access];
    }
  }
  return {
    ...config,
    output,
    // Whatever front end there is belongs to another cluster.
    dashboards: {},
    inputs: [{ type: 'file', paths: [join(folder, '*.gz')], poll_interval_s: 1 }],
    data_dir: join(folder, 'data'),
  };
}

/** What events need; alert rules on made-up events would be no help in a cluster of somebody's own. */
const NEEDED = ['lifecycle', 'pipeline', 'templates'];

async function install(config: Config, say: (text: string) => void): Promise<void> {
  await withCluster(config, async ({ target, plan }) => {
    say(`· installing the assets into ${describeTarget(target)}`);
    await (await plan({ only: NEEDED })).apply((line) => say(`  ${line}`));
  });
}

async function ship(
  config: Config,
  folder: string,
  { seed, events }: DemoOptions,
  context: CommandContext,
): Promise<void> {
  const count = events ?? EVENTS;
  context.stderr.write(`· shipping ${count} sample events, seed ${seed ?? SAMPLE_SEED}\n`);
  await writeSampleFile(folder, { seed: seed ?? SAMPLE_SEED, count, end: new Date() });
  const bar = progressBar(count, context.stderr);
  // The bar says what is going on; log lines would break it.
  const log = { ...context.log, debug: ignore, info: ignore };
  const connector = createConnector(config, {
    log,
    once: true,
    observe: ({ indexed, duplicates }) => bar.update(indexed + duplicates),
  });
  try {
    await connector.run(context.signal);
  } finally {
    bar.stop();
  }
}

function ignore(): void {
  // Nothing to tell.
}

async function show(config: Config, shipped: number, { stdout, stderr }: CommandContext): Promise<number> {
  return withCluster(config, async ({ client }) => {
    const view = await analystView(client, NAMESPACE);
    stdout.write(`\n${printView(view)}\n`);
    const to = new Date();
    const period = { kind: 'period', from: new Date(to.getTime() - PERIOD_MS), to } as const;
    const rules = loadRules();
    const fired = await runRules(client, rules, period, { pattern: STREAMS });
    stdout.write(`${printAlerts(fired, rules.length)}\n`);
    if (view.events >= shipped && view.denied > 0) return 0;
    stderr.write(`The engine has ${view.events} of ${shipped} events, ${view.denied} denied: this should not be.\n`);
    return 1;
  });
}

/** Whether somebody can read an address, open it, and say when to end. */
function isAttended({ stdin, stdout }: CommandContext): boolean {
  return [stdin, stdout].every((stream) => 'isTTY' in stream && stream.isTTY === true);
}

/** Serves the dashboards until Enter is pressed, the input ends or a signal comes. */
async function preview({ output }: Config, context: CommandContext): Promise<void> {
  const page = await startPreview({ output, port: 0, log: context.log });
  context.stdout.write(`Dashboards and alerts of these events: ${page.url}\nEnter or Ctrl-C ends the demo.\n\n`);
  await new Promise<void>((resolve) => {
    context.signal.addEventListener('abort', () => resolve(), { once: true });
    context.stdin.once('data', () => resolve()).once('end', () => resolve());
  });
  context.stdin.pause();
  await page.close();
}

function nextSteps(hosts: readonly string[], engine: RunningEngine | undefined, kept: boolean): string {
  const state =
    engine === undefined
      ? `The events are in ${STREAMS} at ${hosts.join(', ')}. Remove them and the assets with: cloudconnexa-ecs uninstall --data`
      : kept
        ? `${engine.spec.name} goes on at ${engine.url} (process ${engine.pid}); end it with: kill ${engine.pid}`
        : `${engine.spec.name} is stopped and its data removed; run the demo with --keep to go on looking.`;
  const address = engine?.url ?? hosts.join(',');
  return [
    'Where to go next',
    `  ${state}`,
    ...(kept
      ? [`  Dashboards, alerts: cloudconnexa-ecs preview -s output.hosts=${address} -s output.namespace=${NAMESPACE}`]
      : []),
    '  Your own cluster:  cloudconnexa-ecs config example > cloudconnexa-ecs.yml, fill in output and inputs, then',
    '                     cloudconnexa-ecs test output, cloudconnexa-ecs setup, cloudconnexa-ecs run',
    '  What there is:     docs/dashboards.md, docs/rules.md, every field in docs/fields.md',
    '',
  ].join('\n');
}
