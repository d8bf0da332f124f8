import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineSpec } from './catalog.js';
import { engineRunParent, isRoot, unprivilegedId } from './place.js';
import type { Ports } from './ports.js';

export type EngineSettings = Readonly<Record<string, string | number | boolean>>;

/** The folders of one running engine; all lie under `root`, which is removed when the engine is stopped. */
export interface RunFolders {
  readonly root: string;
  readonly config: string;
  readonly data: string;
  readonly logs: string;
  readonly temp: string;
  /** What the engine writes on stdout and stderr. */
  readonly console: string;
}

export interface RunConfig {
  readonly ports: Ports;
  readonly settings?: EngineSettings | undefined;
  /** Files to put into the engine's configuration folder, by name. */
  readonly files?: Readonly<Record<string, string | Buffer>> | undefined;
}

/** Settings of a single node that is reached from this machine only. */
function baseSettings(spec: EngineSpec, folders: RunFolders, ports: Ports): EngineSettings {
  return {
    'cluster.name': `cloudconnexa-ecs-${spec.id}`,
    'node.name': spec.id,
    'path.data': folders.data,
    'path.logs': folders.logs,
    'http.host': '127.0.0.1',
    'http.port': ports.http,
    'transport.host': '127.0.0.1',
    'transport.port': ports.transport,
    'discovery.type': 'single-node',
    // On a disk that is 95 % full an engine makes its indices read-only.
    'cluster.routing.allocation.disk.threshold_enabled': false,
    // Left alone, Elasticsearch secures itself at the first start, with settings that the minimal server does not know.
    ...(spec.kind === 'elasticsearch' ? { 'xpack.security.enabled': false } : {}),
  };
}

function yaml(settings: EngineSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('');
}

/** The distribution's JVM options without those that write garbage collection logs and heap dumps into its own folder. */
export function jvmOptions(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/Xlog:gc|Xloggc|HeapDump|ErrorFile/.test(line))
    .join('\n');
}

async function giveAway(folder: string): Promise<void> {
  if (!isRoot()) return;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) await chown(join(entry.parentPath, entry.name), unprivilegedId, unprivilegedId);
  await chown(folder, unprivilegedId, unprivilegedId);
}

async function makeFolders(spec: EngineSpec): Promise<RunFolders> {
  const root = await mkdtemp(join(await engineRunParent(), `cloudconnexa-ecs-${spec.id}-`));
  const at = (name: string): string => join(root, name);
  const folders = { root, config: at('config'), data: at('data'), logs: at('logs'), temp: at('temp') };
  for (const folder of [folders.data, folders.logs, folders.temp]) await mkdir(folder);
  return { ...folders, console: join(folders.logs, 'console.log') };
}

async function writeConfig(spec: EngineSpec, home: string, folders: RunFolders, config: RunConfig): Promise<void> {
  await cp(join(home, 'config'), folders.config, { recursive: true });
  const settings = { ...baseSettings(spec, folders, config.ports), ...config.settings };
  const options = jvmOptions(await readFile(join(home, 'config', 'jvm.options'), 'utf8'));
  const own = { [`${spec.kind}.yml`]: yaml(settings), 'jvm.options': options };
  for (const [name, content] of Object.entries({ ...config.files, ...own })) {
    await writeFile(join(folders.config, name), content);
  }
}

/** Makes the folders of a new, empty engine and its configuration, owned by the uid it will run with. */
export async function layOut(spec: EngineSpec, home: string, config: RunConfig): Promise<RunFolders> {
  const folders = await makeFolders(spec);
  await writeConfig(spec, home, folders, config);
  await chmod(folders.root, 0o700);
  await giveAway(folders.root);
  return folders;
}
