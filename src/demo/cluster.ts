import { findJdk, engineCatalog, startEngine, type RunningEngine } from '../engine/index.js';
import { ConnectorError } from '../errors.js';

/**
 * Starts the fullest engine this machine has a JDK for: with an older JDK the demo has no ingest pipeline, but runs.
 * @throws ConnectorError CCX_ENGINE_NO_JDK when there is none for any of them, and what `startEngine` throws.
 */
export async function startDemoEngine(keep: boolean, say: (text: string) => void): Promise<RunningEngine> {
  let missing: unknown;
  for (const spec of engineCatalog) {
    try {
      await findJdk(spec);
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.code !== 'CCX_ENGINE_NO_JDK') throw error;
      missing ??= error;
      continue;
    }
    return startEngine(spec.id, { onProgress: say, outlivesParent: keep });
  }
  throw missing;
}
