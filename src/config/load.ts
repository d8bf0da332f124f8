import type { Config } from '../config.js';
import { meaningFaults } from './checks.js';
import { configError, type Fault } from './fault.js';
import { exposureWarning, secretFileWarnings } from './exposed.js';
import { fromEnvironment, type Environment } from './interpolate.js';
import { configVariables, keystorePlace } from './keystore.js';
import { environmentLayer, setLayer, type Given, type Layer } from './layers.js';
import { applyLayer, emptySections, fillDefaults, interpolateTree, type Origins } from './merge.js';
import { isConfig, shapeFaults } from './schema.js';
import { collectSecrets, readSecretFiles, Secrets } from './secrets.js';
import { defaultFile } from './settings.js';
import { removeAt } from './tree.js';
import { readConfigFile, type ConfigFile } from './yaml-file.js';

/** What a command needs of the configuration beyond settings that have defaults. */
export interface ConfigNeeds {
  /** At least one entry under `inputs`. */
  readonly inputs?: boolean;
  /** `false`: everything under `output` is passed over, faults too, for commands that need no cluster. */
  readonly output?: false;
}

export interface ConfigRequest {
  /** Path of the file; without it CLOUDCONNEXA_ECS_CONFIG, or else `cloudconnexa-ecs.yml` where that exists. */
  readonly file?: string;
  /** `path=value` each, as given to `--set`. */
  readonly set?: readonly string[];
  readonly env: Environment;
  readonly needs?: ConfigNeeds;
  /** Gets every secret that is read, also when the configuration has faults. */
  readonly secrets?: Secrets;
  /** Of the keystore; without it the environment's. */
  readonly keystorePassword?: string;
}

export interface Resolution {
  /** Absent when there are faults. */
  readonly config?: Config;
  readonly faults: readonly Fault[];
  /** What is no fault but should be mended; names no values. */
  readonly warnings: readonly string[];
  /** The file that was read or would have been. */
  readonly file: string;
  /** `default`, `cloudconnexa-ecs.yml:12`, `cloudconnexa-ecs.yml:12, keystore NAME`, `environment variable …` or `--set`. */
  readonly originOf: (path: string) => string;
}

/**
 * Reads the configuration: `--set` over environment over file over defaults.
 * @throws ConnectorError CCX_CONFIG_INVALID whose message lists all faults, and as `resolveConfig`
 */
export function loadConfig(request: ConfigRequest): Config {
  const { config, faults, file } = resolveConfig(request);
  if (!config) throw configError(faults, file);
  return config;
}

/**
 * As `loadConfig`, with the faults as a value and the origin of each setting.
 * @throws ConnectorError CCX_KEYSTORE_… when a variable is used and the keystore does not open
 */
export function resolveConfig(request: ConfigRequest): Resolution {
  const { file, path: filePath, layers } = readSources(request);
  const { tree } = file;
  const exposed = exposureWarning(tree, filePath);
  const skipped = request.needs?.output === false ? 'output' : undefined;
  if (skipped !== undefined) removeAt(tree, skipped);

  const origins: Origins = new Map();
  const originOf = (path: string) => nearestOrigin(origins, path) ?? file.originOf(path);
  const faults: Fault[] = [...file.faults, ...layers.flatMap((layer) => layer.faults)];
  const secrets = request.secrets ?? new Secrets();
  const place = keystorePlace(tree, layers, filePath, request.env);
  const variables = configVariables({ place, env: request.env, password: request.keystorePassword, secrets });
  // The path of the keystore cannot come out of it.
  const variablesFor = (path: string) => (path === 'keystore' ? fromEnvironment(request.env) : variables);
  faults.push(...interpolateTree(tree, variablesFor, origins, file.originOf));
  emptySections(tree);
  // Also those that a layer above replaces.
  collectSecrets(tree, secrets);
  for (const layer of layers) faults.push(...applyLayer(tree, without(layer.given, skipped), origins));
  const exposedFiles = secretFileWarnings(tree, request.env);
  faults.push(...readSecretFiles(tree, origins, originOf));
  collectSecrets(tree, secrets);
  const defaulted = fillDefaults(tree);

  const found = [...shapeFaults(tree), ...meaningFaults(tree, request.env), ...needFaults(tree, request.needs)];
  faults.push(...found.map((fault) => ({ ...fault, origin: fault.origin ?? originOf(fault.path) })));
  const result = {
    faults: onePerPath(faults),
    warnings: [...(exposed === undefined ? [] : [exposed]), ...exposedFiles],
    file: filePath,
    originOf: (path: string) => (defaulted.has(path) ? 'default' : originOf(path)),
  };
  return faults.length === 0 && isConfig(tree) ? { ...result, config: tree } : result;
}

interface Sources {
  readonly file: ConfigFile;
  readonly path: string;
  /** The lower one first. */
  readonly layers: readonly Layer[];
}

function readSources({ file, env, set = [] }: ConfigRequest): Sources {
  const named = file ?? (env['CLOUDCONNEXA_ECS_CONFIG'] || undefined);
  const path = named ?? defaultFile;
  return { file: readConfigFile(path, named === undefined), path, layers: [environmentLayer(env), setLayer(set)] };
}

/**
 * Where the keystore of a configuration is or would be, whatever else the configuration lacks.
 * @throws ConnectorError CCX_CONFIG_INVALID when the file cannot be read at all
 */
export function locateKeystore(request: ConfigRequest): string {
  const { file, path, layers } = readSources(request);
  if (file.faults.length > 0) throw configError(file.faults, path);
  return keystorePlace(file.tree, layers, path, request.env).path;
}

function without(given: readonly Given[], section: string | undefined): readonly Given[] {
  return section === undefined ? given : given.filter(({ path }) => !path.startsWith(`${section}.`));
}

/** The origin of the setting or of the list it stands in. */
function nearestOrigin(origins: Origins, path: string): string | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const origin = origins.get(at);
    if (origin !== undefined) return origin;
  }
  return undefined;
}

function needFaults(tree: { readonly inputs?: unknown }, needs: ConfigNeeds | undefined): Fault[] {
  if (!needs?.inputs || !Array.isArray(tree.inputs) || tree.inputs.length > 0) return [];
  const remedy = "Add one, like inputs: [{type: file, paths: ['/var/lib/cloudconnexa/**/*.gz']}].";
  return [{ path: 'inputs', message: 'is empty: there is nothing to read', remedy }];
}

/** The first fault of a path is the cause; later checks of the same value only follow from it. */
function onePerPath(faults: readonly Fault[]): Fault[] {
  const seen = new Set<string>();
  return faults.filter(({ path }) => !seen.has(path) && seen.add(path));
}
