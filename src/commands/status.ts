import { describeTarget } from '../install/print.js';
import { withCluster } from '../install/session.js';
import { isHealthy, statusOf, type AssetStatus, type State } from '../install/status.js';
import { spoken } from '../install/store.js';
import { countStreams, type StreamCount } from '../install/streams.js';
import type { CommandContext } from './context.js';

/**
 * Shows what is installed against what this release wants, and how many documents each data stream has.
 * @returns 0 when everything that the cluster can have is up to date, otherwise 1
 * @throws ConnectorError CCX_OUTPUT_DENIED, CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_UNSUPPORTED
 */
export async function statusCommand(options: { readonly json: boolean }, context: CommandContext): Promise<number> {
  return withCluster(await context.loadConfig(), async ({ client, target, manifest, plan }) => {
    const assets = (await plan()).map(statusOf);
    const streams = await countStreams(client, manifest);
    const healthy = isHealthy(assets);
    const { engine, version = null, flavor = null } = target;
    const json = { engine, version, flavor, release: manifest.version, healthy, assets, data_streams: streams };
    const people = [describeTarget(target), '', ...assets.flatMap(assetLines), '', ...streamLines(streams), ''].join(
      '\n',
    );
    context.stdout.write(options.json ? `${JSON.stringify(json, null, 2)}\n` : people);
    return healthy ? 0 : 1;
  });
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
  const versions = installed === null ? `version ${wanted} wanted` : `version ${installed} of ${wanted}`;
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
