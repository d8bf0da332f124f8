import type { Config } from '../config.js';
import { exampleYaml } from '../config/example.js';
import { keystoreOrigin } from '../config/keystore.js';
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
    return [{ path, value: shownValue(path, value, originOf, redact), origin: originOf(path) }];
  });
}

/** Secrets are hidden by their setting and by their origin, and what has one in it by the text. Defaults are everybody's. */
function shownValue(
  path: string,
  value: unknown,
  originOf: Resolution['originOf'],
  redact: ConfigContext['redact'],
): unknown {
  if (lookUp(path)?.secret === true) return hidden;
  if (originOf(path) === 'default') return value;
  if (Array.isArray(value)) return value.map((one, i) => shownValue(`${path}.${i}`, one, originOf, redact));
  const shown = typeof value === 'string' ? redact(value) : value;
  return shown === value && originOf(path).includes(`, ${keystoreOrigin}`) ? hidden : shown;
}

const hidden = '***';

function line({ path, value, origin }: Shown): string {
  return `${path} = ${JSON.stringify(value)}  # ${origin}\n`;
}
