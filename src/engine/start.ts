import { platform } from 'node:os';
import { ConnectorError } from '../errors.js';
import { engineSpec, type EngineId, type EngineSpec } from './catalog.js';
import { installEngine, type Progress } from './install.js';
import { findJdk, type Jdk } from './jdk.js';
import { layOut, type EngineSettings } from './layout.js';
import { freePorts } from './ports.js';
import type { SecureAccess } from './ready.js';
import { EngineProcess, type RunningEngine } from './running.js';

export interface StartOptions {
  /** Default 1024. */
  readonly heapMiB?: number;
  /** Takes more than twice as long to start and is faster over millions of documents. Default false. */
  readonly longRunning?: boolean;
  /** Where unpacked engines are kept; default: `engineCacheDir()`. */
  readonly cacheDir?: string;
  /** Told in a few words what is going on: fetching, unpacking, starting. */
  readonly onProgress?: Progress;
  /** How long it may take from its launch until it can store documents; default 180,000. */
  readonly startTimeoutMs?: number;
  /** Settings of the engine on top of ours. */
  readonly settings?: EngineSettings;
  /** Files for the engine's configuration folder, by name. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** Given when the settings turn TLS and users on. */
  readonly access?: SecureAccess;
  /** The engine stays when this process ends; the caller then tells the user its pid. Default false. */
  readonly outlivesParent?: boolean;
}

function checkPlatform(): void {
  if (platform() !== 'win32') return;
  throw new ConnectorError('CCX_ENGINE_PLATFORM', 'Engines can be started on Linux and macOS only');
}

async function prepare(spec: EngineSpec, jdk: Jdk, options: StartOptions): Promise<EngineProcess> {
  const { cacheDir, onProgress, settings, files, access } = options;
  const home = await installEngine(spec, { jdkHome: jdk.home, cacheDir, onProgress });
  const ports = await freePorts();
  const folders = await layOut(spec, home, { ports, settings, files });
  return new EngineProcess({
    ...{ spec, home, jdkHome: jdk.home, folders, access },
    url: `${access ? 'https' : 'http'}://127.0.0.1:${ports.http}`,
    heapMiB: options.heapMiB ?? 1024,
    longRunning: options.longRunning ?? false,
    startTimeoutMs: options.startTimeoutMs ?? 180_000,
    outlivesParent: options.outlivesParent ?? false,
  });
}

/** Another process may take a port between the moment it was found free and the engine's start. */
function lostItsPort(error: unknown): boolean {
  return error instanceof ConnectorError && /Address already in use|BindHttpException/.test(error.message);
}

async function launchOnce(spec: EngineSpec, jdk: Jdk, options: StartOptions): Promise<RunningEngine> {
  const engine = await prepare(spec, jdk, options);
  options.onProgress?.(`starting ${spec.name} on Java ${jdk.major}`);
  try {
    await engine.start();
    return engine;
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

/**
 * Fetches an engine where the cache lacks it, and starts it: one node, on 127.0.0.1, on free ports, with no data.
 * @param engine An id of the catalog, or an engine that is none of it.
 * As root it runs with another uid, because engines refuse root. It ends with this process at the latest.
 * @throws ConnectorError `CCX_ENGINE_UNKNOWN`, `CCX_ENGINE_PLATFORM`, `CCX_ENGINE_NO_JDK`, `CCX_ENGINE_NO_MAVEN`,
 *   `CCX_ENGINE_FETCH_FAILED`, `CCX_ENGINE_UNPACK_FAILED`, `CCX_ENGINE_START_FAILED`
 */
export async function startEngine(engine: EngineId | EngineSpec, options: StartOptions = {}): Promise<RunningEngine> {
  const spec = typeof engine === 'string' ? engineSpec(engine) : engine;
  checkPlatform();
  const jdk = await findJdk(spec);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launchOnce(spec, jdk, options);
    } catch (error) {
      if (attempt === 3 || !lostItsPort(error)) throw error;
    }
  }
}
