import type { Client } from '@elastic/elasticsearch';
import type { Config } from '../config.js';
import { loadManifest, type Manifest } from '../manifest.js';
import { targetFields } from '../map/fields.js';
import type { Target } from '../target/capability.js';
import { createClient } from '../target/client.js';
import { detectCapabilities } from '../target/detect.js';
import { explainFailure } from '../target/explain.js';
import { makePlan, type PlanItem } from './plan.js';

/** A cluster as the commands see it: who it is, and what the manifest wants there. */
export interface Session {
  readonly client: Client;
  readonly manifest: Manifest;
  readonly target: Target;
  /** @throws ConnectorError as `makePlan` does. */
  readonly plan: (options?: {
    readonly only?: readonly string[];
    readonly force?: boolean;
  }) => Promise<readonly PlanItem[]>;
}

/**
 * Connects by the settings under `output`, does the work and closes the connections.
 * @throws ConnectorError CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_DENIED, CCX_OUTPUT_UNSUPPORTED and what `work` throws
 */
export async function withCluster<T>(
  config: Pick<Config, 'output' | 'lifecycle'>,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const client = createClient(config.output);
  try {
    const manifest = loadManifest();
    const target = await detectCapabilities(client, { engine: config.output.engine });
    const common = { client, manifest, target, lifecycle: config.lifecycle };
    return await work({
      client,
      manifest,
      target,
      plan: ({ only = [], force = false } = {}) => makePlan({ ...common, fields: targetFields(), only, force }),
    });
  } catch (error) {
    // What the transport says is for developers: an unknown CA or a wrong port deserve plain words.
    throw explainFailure(error, config.output.hosts.join(', '));
  } finally {
    await client.close();
  }
}
