import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineSpec } from './catalog.js';
import { fetchArtifact } from './fetch.js';
import { engineCacheDir, exists, makeOpenDir } from './place.js';
import { addPlugin } from './plugin.js';
import { unpack } from './unpack.js';

export type Progress = (message: string) => void;

export interface InstallOptions {
  readonly jdkHome: string;
  /** Default: `engineCacheDir()`. */
  readonly cacheDir?: string | undefined;
  readonly onProgress?: Progress | undefined;
}

/** Two processes may unpack the same engine at once: the second finds the name taken by an equal folder and uses that. */
async function publish(unpacked: string, home: string): Promise<void> {
  await rename(unpacked, home).catch(async (error: unknown) => {
    if (!(await exists(home))) throw error;
  });
}

async function fetchInto(home: string, cacheDir: string, spec: EngineSpec, options: InstallOptions): Promise<void> {
  const workshop = await mkdtemp(join(cacheDir, '.new-'));
  try {
    options.onProgress?.(`fetching ${spec.name} (once, kept in ${cacheDir})`);
    const zip = await fetchArtifact(spec.coordinates, workshop);
    options.onProgress?.(`unpacking ${spec.name}`);
    const unpacked = await unpack(zip, options.jdkHome);
    if (spec.plugin !== undefined) await fetchPlugin(spec.plugin, unpacked, workshop, options);
    await publish(unpacked, home);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

async function fetchPlugin(
  coordinates: string,
  unpacked: string,
  workshop: string,
  { jdkHome, onProgress }: InstallOptions,
): Promise<void> {
  onProgress?.(`fetching ${coordinates}`);
  const folder = join(workshop, 'plugin');
  await mkdir(folder);
  await addPlugin(unpacked, await fetchArtifact(coordinates, folder), jdkHome);
}

/** The name in the cache: an engine with a plugin is another one than without. */
function folderName({ kind, version, plugin }: EngineSpec): string {
  const [, artifact] = plugin?.split(':') ?? [];
  return artifact === undefined ? `${kind}-${version}` : `${kind}-${version}+${artifact}`;
}

/**
 * The folder of an unpacked engine in the cache, fetched at first use. It is complete whenever it exists, and never written to.
 * @throws ConnectorError `CCX_ENGINE_NO_MAVEN`, `CCX_ENGINE_FETCH_FAILED`, `CCX_ENGINE_UNPACK_FAILED`
 */
export async function installEngine(spec: EngineSpec, options: InstallOptions): Promise<string> {
  const cacheDir = options.cacheDir ?? (await engineCacheDir());
  const home = join(cacheDir, folderName(spec));
  if (await exists(home)) return home;
  await makeOpenDir(cacheDir);
  await fetchInto(home, cacheDir, spec, options);
  return home;
}
