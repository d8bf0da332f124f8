import type { Config } from '../config.js';
import { configError } from '../config/fault.js';
import { inputName } from '../input-account.js';
import type { ConfigContext } from './context.js';

/**
 * Checks all settings and says what was read.
 * @throws ConnectorError CCX_CONFIG_INVALID that lists every fault.
 */
export async function testConfigCommand(
  context: Pick<ConfigContext, 'resolveConfig' | 'stdout' | 'redact'>,
): Promise<number> {
  const { config, faults, file } = await context.resolveConfig();
  if (!config) throw configError(faults, file);
  const inputs = config.inputs.map(inputName);
  const lines = [
    `OK: ${file}, environment and --set are valid`,
    `  output: ${config.output.hosts.join(', ')} (engine ${config.output.engine}), ${login(config)}`,
    `  inputs: ${inputs.join('; ') || 'none (run needs at least one)'}`,
    `  data_dir: ${config.data_dir}`,
  ];
  context.stdout.write(context.redact(`${lines.join('\n')}\n`));
  return 0;
}

function login({ output }: Config): string {
  if (output.api_key !== undefined) return 'login by API key';
  if (output.bearer_token !== undefined) return 'login by token';
  if (output.aws?.service !== undefined) return `requests signed for AWS (${output.aws.service})`;
  return output.username === undefined ? 'no login' : `login as ${output.username}`;
}
