import { formatWords } from './formats.js';
import { environmentName, environmentOnly, environmentPrefix, inputList, settingList } from './settings.js';
import type { Setting } from './shape.js';
import type { Tree } from './tree.js';

const inputType: Setting = {
  type: 'string',
  required: true,
  values: [...inputList.keys()],
  description: 'Kind of input.',
  example: 'file',
};

/** The setting at a path such as `output.api_key`, `output.api_key_file`, `inputs.0.paths`; undefined when there is none. */
export function lookUp(path: string): Setting | undefined {
  return settingAt(path) ?? secretFile(path);
}

function settingAt(path: string): Setting | undefined {
  const entry = /^inputs\.\d+\.(\w+)$/.exec(path)?.[1];
  return entry === undefined ? settingList.get(path) : lookUpInput(entry);
}

/** Entries of all kinds share their names: the same name has the same type in each. */
function lookUpInput(name: string): Setting | undefined {
  if (name === 'type') return inputType;
  for (const entries of inputList.values()) {
    const setting = entries.get(name);
    if (setting) return setting;
  }
  return undefined;
}

function secretFile(path: string): Setting | undefined {
  const base = path.endsWith('_file') ? settingAt(path.slice(0, -'_file'.length)) : undefined;
  if (!base?.secret) return undefined;
  return { type: 'string', description: 'File whose content is the value.', example: `/run/secrets/${path}` };
}

const singleSecrets: readonly string[] = [...settingList].filter(([, s]) => s.secret).map(([path]) => path);

/** Secrets that entries under inputs have, whatever their type: a secret in the wrong entry is one, too. */
export const inputSecrets: readonly string[] = [
  ...new Set(
    [...inputList.values()].flatMap((entries) => [...entries].filter(([, s]) => s.secret).map(([name]) => name)),
  ),
];

/** Paths of all secrets that a tree may have; each also has a `<path>_file`. */
export function secretPaths(tree: Tree): readonly string[] {
  const count = Array.isArray(tree['inputs']) ? tree['inputs'].length : 0;
  const ofInputs = Array.from({ length: count }, (_, i) => inputSecrets.map((name) => `inputs.${i}.${name}`));
  return [...singleSecrets, ...ofInputs.flat()];
}

/** All paths that may be given, without the inputs' entries. */
export const knownPaths: readonly string[] = [...settingList.keys(), ...singleSecrets.map((path) => `${path}_file`)];

const pathByVariable = new Map(knownPaths.map((path) => [environmentName(path), path]));

/** The path that an environment variable sets, undefined for one that sets none. */
export function pathOfVariable(name: string): string | undefined {
  const entry = new RegExp(`^${environmentPrefix}INPUTS_(\\d+)_([A-Z_]+)$`).exec(name);
  if (!entry) return pathByVariable.get(name);
  const path = `inputs.${entry[1]}.${entry[2]?.toLowerCase()}`;
  return lookUp(path) && path;
}

export const knownVariables: readonly string[] = [...pathByVariable.keys(), ...environmentOnly.keys()];

/** What a value of the setting must be: `a whole number from 1 to 64`. */
export function typeText(setting: Setting): string {
  if (setting.values) return `one of ${setting.values.join(', ')}`;
  if (setting.format) return formatWords[setting.format];
  if (setting.type === 'integer') return `a whole number${range(setting)}`;
  if (setting.type === 'number') return `a number${range(setting)}`;
  const words = {
    string: setting.default === '' ? 'a text' : 'a text that is not empty',
    boolean: 'true or false',
    strings: setting.minimum ? 'a list of texts with at least one entry' : 'a list of texts',
    inputs: 'a list of inputs, each with its type',
  };
  return words[setting.type];
}

function range({ minimum, maximum }: Setting): string {
  return minimum === undefined || maximum === undefined ? '' : ` from ${minimum} to ${maximum}`;
}
