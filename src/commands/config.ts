import type { Config } from '../config.js';
import { exampleYaml } from '../config/example.js';
import { configError } from '../config/fault.js';
import { lookUp } from '../config/lookup.js';
import type { Resolution } from '../config/load.js';
import { settingList } from '../config/settings.js';
import { getAt } from '../config/tree.js';
import type { CommandContext, ConfigContext } from './context.js';

/** Prints the annotated reference configuration. */
export function configExampleCommand({ stdout }: Pick<CommandContext, 'stdout'>): Promise<number> {
  stdout.write(exampleYaml());
  return Promise.resolve(0);
}

interface Shown {
  readonly path: string;
  readonly value: unknown;
  readonly origin: string;
}

/**
 * Prints every setting in force, one a line with its origin, or as JSON `[{path, value, origin}]`; secrets as `***`.
 * @throws ConnectorError CCX_CONFIG_INVALID
 */
export async function configShowCommand(
  options: { readonly json: boolean },
  context: Pick<ConfigContext, 'resolveConfig' | 'stdout' | 'redact'>,
): Promise<number> {
  const resolution = await context.resolveConfig();
  if (!resolution.config) throw configError(resolution.faults, resolution.file);
  const shown = effective(resolution.config, resolution.originOf, context.redact);
  context.stdout.write(options.json ? `${JSON.stringify(shown, null, 2)}\n` : shown.map(line).join(''));
  return 0;
}

function effective(config: Config, originOf: Resolution['originOf'], redact: ConfigContext['redact']): Shown[] {
  const entries = config.inputs.flatMap((input, i) => Object.keys(input).map((name) => `inputs.${i}.${name}`));
  const single = [...settingList.keys()].filter((path) => path !== 'inputs' || entries.length === 0);
  return [...single, ...entries].flatMap((path) => {
    const value = getAt(config, path);
    if (value === undefined) return [];
    return [{ path, value: lookUp(path)?.secret ? '***' : withoutSecrets(value, redact), origin: originOf(path) }];
  });
}

/** A value of the keystore is a secret in whatever setting it is, or in a part of it. */
function withoutSecrets(value: unknown, redact: ConfigContext['redact']): unknown {
  const text = JSON.stringify(value);
  if (redact(text) === text) return value;
  return typeof value === 'string' ? redact(value) : '***';
}

function line({ path, value, origin }: Shown): string {
  return `${path} = ${JSON.stringify(value)}  # ${origin}\n`;
}
