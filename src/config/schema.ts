import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Config } from '../config.js';
import { compileCheck, type Check } from '../prepared.js';
import { unknownRemedy, type Fault } from './fault.js';
import { lookUp, typeText } from './lookup.js';
import { inputKinds } from './inputs.js';
import { environmentName, inputList, settingList } from './settings.js';
import type { Setting } from './shape.js';

interface Schema {
  readonly [keyword: string]: unknown;
}

/** JSON Schema (draft-07 keywords plus `discriminator`) of a configuration whose secrets are resolved. */
export function configSchema(): Schema {
  return section('', [...settingList]);
}

/** The schema of the settings whose paths begin with `prefix`; a further dot in a path begins a section of its own. */
function section(prefix: string, within: readonly (readonly [string, Setting])[]): Schema {
  const names = new Set(within.map(([path]) => path.slice(prefix.length).split('.')[0] ?? ''));
  const properties = [...names].map((name): [string, Schema] => {
    const setting = settingList.get(prefix + name);
    if (setting) return [name, { ...valueSchema(setting), description: setting.description }];
    const inner = `${prefix}${name}.`;
    return [
      name,
      section(
        inner,
        within.filter(([path]) => path.startsWith(inner)),
      ),
    ];
  });
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) };
}

function valueSchema(setting: Setting): Schema {
  switch (setting.type) {
    case 'string':
      // An empty text is a slip, but for settings that are empty by default.
      return {
        type: 'string',
        minLength: setting.default === '' ? 0 : 1,
        ...(setting.values ? { enum: setting.values } : {}),
      };
    case 'integer':
    case 'number':
      return { type: setting.type, minimum: setting.minimum, maximum: setting.maximum };
    case 'boolean':
      return { type: 'boolean' };
    case 'strings':
      return { type: 'array', minItems: setting.minimum ?? 0, items: { type: 'string', minLength: 1 } };
    case 'inputs':
      return { type: 'array', items: inputSchema() };
  }
}

function inputSchema(): Schema {
  const kinds = [...inputList].map(([type, entries]) => ({
    additionalProperties: false,
    required: [...entries].filter(([, setting]) => setting.required).map(([name]) => name),
    properties: {
      type: { const: type },
      ...Object.fromEntries([...entries].map(([name, setting]) => [name, valueSchema(setting)])),
    },
  }));
  return { type: 'object', required: ['type'], discriminator: { propertyName: 'type' }, oneOf: kinds };
}

let compiled: ValidateFunction<Config> | undefined;

/** Checks names, types and ranges. @returns true when the tree is a `Config`. */
export function isConfig(tree: unknown): tree is Config {
  return validator()(tree);
}

/** The faults of a tree that `isConfig` refused: at most one for each path. */
export function shapeFaults(tree: unknown): Fault[] {
  const validate = validator();
  if (validate(tree)) return [];
  const faults = new Map<string, Fault>();
  for (const fault of (validate.errors ?? []).map(toFault)) {
    if (!faults.has(fault.path)) faults.set(fault.path, fault);
  }
  return [...faults.values()];
}

/** How a configuration is checked. */
export function configCheck(): Check {
  const options = { allErrors: true, discriminator: true, verbose: true, strict: true, strictRequired: false };
  return { schema: configSchema(), options };
}

function validator(): ValidateFunction<Config> {
  return (compiled ??= compileCheck<Config>(configCheck()));
}

function toFault(error: ErrorObject): Fault {
  const path = error.instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(path, String(error.params['additionalProperty']), error.parentSchema);
    case 'required':
      return missing(join(path, String(error.params['missingProperty'])));
    case 'discriminator':
      return wrongKind(join(path, 'type'), String(error.params['tagValue'] ?? ''));
    default:
      return misfit(path, error.data);
  }
}

function unknownKey(path: string, key: string, schema: unknown): Fault {
  const properties = typeof schema === 'object' && schema !== null && 'properties' in schema ? schema.properties : {};
  const known = Object.keys(properties ?? {});
  const dotted = settingList.has(key)
    ? `Write it nested, each part under the one before: ${key.replaceAll('.', ': ')}.`
    : undefined;
  return { path: join(path, key), message: 'is not a setting', remedy: dotted ?? unknownRemedy(key, known) };
}

function missing(path: string): Fault {
  const setting = lookUp(path);
  const message = `is missing${setting ? `: ${typeText(setting)}` : ''}`;
  return { path, message, remedy: exampleRemedy(path, setting) };
}

function wrongKind(path: string, given: string): Fault {
  const kinds = Object.keys(inputKinds);
  const message = `must be one of ${kinds.join(', ')}`;
  return { path, message, remedy: given === '' ? 'Add the line type: file.' : unknownRemedy(given, kinds) };
}

function misfit(path: string, data: unknown): Fault {
  const setting = lookUp(path) ?? lookUp(path.replace(/\.\d+$/, ''));
  if (data === null) return { path, message: 'has no value', remedy: 'Give one, or remove the line.' };
  if (!setting)
    return { path, message: 'must be a section with settings in it', remedy: 'Indent its settings below it.' };
  const inList = setting.type === 'strings' && !Array.isArray(data) && lookUp(path) === undefined;
  const message = `must be ${inList ? 'a text that is not empty' : typeText(setting)}`;
  return { path, message, remedy: inList ? 'Put the value in quotes.' : misfitRemedy(path, setting, data) };
}

function misfitRemedy(path: string, setting: Setting, data: unknown): string {
  if (setting.values) return unknownRemedy(typeof data === 'string' ? data : '', setting.values);
  if (setting.type === 'string' && typeof data === 'number') return 'Put the value in quotes.';
  if (setting.type === 'strings' && typeof data === 'string' && data !== '') return 'Write it as a list: [ … ].';
  return exampleRemedy(path, setting);
}

function exampleRemedy(path: string, setting: Setting | undefined): string {
  if (setting?.secret)
    return `Give it as ${environmentName(path)} in the environment, or in a file named by ${path}_file.`;
  return setting ? `For example ${path.split('.').pop()}: ${JSON.stringify(setting.example)}.` : 'Add it.';
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
