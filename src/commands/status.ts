import { describeTarget, spokenVersion } from '../install/print.js';
import { withCluster } from '../install/session.js';
import { isHealthy, overview, type AssetStatus, type State } from '../install/status.js';
import { spoken } from '../install/store.js';
import { countStreams, type StreamCount } from '../install/streams.js';
import type { Config } from '../config.js';
import type { ConnectorError } from '../errors.js';
import { oneLine, printableJson } from '../printable.js';
import type { CommandContext } from './context.js';
import { inputLines, inputStatus, isFailing } from './status-inputs.js';

/**
 * Shows what is installed against what this release wants, how many documents each data stream has, and how far each input
 * is. The inputs are shown also when the cluster does not answer.
 * @returns 0 when everything that the cluster can have is up to date and no input was failing, otherwise 1
 * @throws ConnectorError CCX_OUTPUT_DENIED, CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_UNSUPPORTED, CCX_CHECKPOINT_CORRUPT, CCX_CHECKPOINT_VERSION
 */
export async function statusCommand(options: { readonly json: boolean }, context: CommandContext): Promise<number> {
  const config = await context.loadConfig();
  const inputs = await inputStatus(config);
  const show = (json: object, people: readonly string[]): unknown =>
    context.stdout.write(
      options.json ? `${printableJson(JSON.stringify(json, null, 2))}\n` : `${people.map(oneLine).join('\n')}\n`,
    );
  try {
    const { healthy, json, people } = await clusterStatus(config);
    const well = healthy && !inputs.some(isFailing);
    show({ ...json, healthy: well, inputs }, [...people, '', ...inputLines(inputs)]);
    return well ? 0 : 1;
  } catch (error) {
    show({ healthy: false, inputs }, inputLines(inputs));
    throw error;
  }
}

interface ClusterStatus {
  readonly healthy: boolean;
  readonly json: object;
  readonly people: readonly string[];
}

function clusterStatus(config: Config): Promise<ClusterStatus> {
  return withCluster(config, async ({ client, target, manifest, places }) => {
    const seen = await overview(places);
    const { assets } = seen;
    const problems = seen.problems.map(({ code, message, remedy, place = null }) => ({ code, message, place, remedy }));
    const streams = await countStreams(client, manifest);
    const { engine, version = null, flavor = null } = target;
    return {
      healthy: isHealthy(seen),
      json: { engine, version, flavor, release: manifest.version, assets, problems, data_streams: streams },
      people: [
        describeTarget(target),
        '',
        ...assets.flatMap(assetLines),
        ...seen.problems.flatMap(problemLines),
        '',
        ...streamLines(streams),
      ],
    };
  });
}

function problemLines({ code, message, remedy }: ConnectorError): string[] {
  return [`  failed    ${code}: ${message}`, `            fix: ${remedy}`];
}

const words: Readonly<Record<State, string>> = {
  ok: 'ok',
  outdated: 'outdated',
  newer: 'newer',
  missing: 'missing',
  foreign: 'not ours',
  left_out: 'left out',
  unknown: 'unknown',
};

function assetLines(asset: AssetStatus): string[] {
  const { state, kind, name, installed_version: installed, wanted_version: wanted, differences, notes } = asset;
  const versions = installed === null ? `${spokenVersion(wanted)} wanted` : `${spokenVersion(installed)} of ${wanted}`;
  const changed = state === 'outdated' ? [`differs in ${differences.length} places; setup --dry-run shows them`] : [];
  const details = state === 'ok' ? [] : [...changed, ...notes];
  return [
    `  ${words[state].padEnd(9)} ${spoken(kind)} ${name}, ${versions}`,
    ...details.map((line) => `            ${line}`),
  ];
}

function streamLines(streams: readonly StreamCount[]): string[] {
  if (streams.length === 0) return ['  no data streams yet'];
  return streams.map(({ name, documents }) =>
    typeof documents === 'number' ? `  ${documents} documents in ${name}` : `  ${name}: not known: ${documents}`,
  );
}
