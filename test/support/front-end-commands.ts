import { setupCommand } from '../../src/commands/setup.js';
import { statusCommand } from '../../src/commands/status.js';
import { uninstallCommand } from '../../src/commands/uninstall.js';
import { asList, asObject } from '../../src/target/answer.js';
import { contextFor, type ContextSettings } from '../unit/install/cluster.js';
import type { CommandMore, Ended, FrontEndUnderTest } from './front-end-suite.js';

type Group = 'dashboards' | 'rules';

/** Commands on one group of assets; what they print for people is in `stdout`, what for programs in `items`. */
export function commandsOn(clusterUrl: string, group: Group, settings: ContextSettings): FrontEndUnderTest['run'] {
  return async (command, more = {}) => {
    const context = contextFor(clusterUrl, { ...settings, ...more.settings });
    const json = command !== 'uninstall';
    const code = await start(command, group, json, more, context.context);
    const stdout = context.stdout();
    return { code, stdout, stderr: context.stderr(), items: json ? itemsOf(stdout, group) : [] };
  };
}

function start(
  command: Parameters<FrontEndUnderTest['run']>[0],
  group: Group,
  json: boolean,
  { force = false, dryRun = false }: CommandMore,
  context: ReturnType<typeof contextFor>['context'],
): Promise<number> {
  if (command === 'setup') return setupCommand({ dryRun, only: [group], json, force }, context);
  if (command === 'status') return statusCommand({ json }, context);
  return uninstallCommand({ dryRun, data: false, json }, context);
}

function itemsOf(stdout: string, group: Group): Ended['items'] {
  const { assets } = asObject(JSON.parse(stdout));
  return asList(assets).filter((item) => asObject(item).group === group) as Ended['items'];
}
