import type { Client } from '@elastic/elasticsearch';
import type { Config } from '../config.js';
import { loadManifest, type Manifest } from '../manifest.js';
import { targetFields } from '../map/fields.js';
import type { Target } from '../target/capability.js';
import { createClient } from '../target/client.js';
import { detectCapabilities } from '../target/detect.js';
import { explainFailure } from '../target/explain.js';
import { frontEndAccess } from './front-end/access.js';
import { isOfFrontEnd } from './front-end/explain.js';
import { installPlaces } from './places.js';
import { makePlan, type Place, type PlacePlan, type PlanRequest } from './plan.js';

/** A cluster and its front end as the commands see them: who they are, and what the manifest wants there. */
export interface Session {
  readonly client: Client;
  readonly manifest: Manifest;
  readonly target: Target;
  /** Where assets are stored, in install order. */
  readonly places: readonly Place[];
  /** @throws ConnectorError as `makePlan` does. */
  readonly plan: (request?: Partial<PlanRequest>) => Promise<PlacePlan>;
}

/** What of the configuration has to do with installing. */
export type InstallConfig = Pick<Config, 'output' | 'lifecycle' | 'dashboards' | 'rules'>;

/**
 * Connects by the settings under `output`, and under `dashboards` when that is needed; does the work and closes the connections.
 * @throws ConnectorError CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_DENIED, CCX_OUTPUT_UNSUPPORTED and what `work` throws
 */
export async function withCluster<T>(config: InstallConfig, work: (session: Session) => Promise<T>): Promise<T> {
  const client = createClient(config.output);
  try {
    const target = await detectCapabilities(client, { engine: config.output.engine });
    return await withPlaces(config, client, target, work);
  } catch (error) {
    // Explained already, with other settings to mend.
    if (isOfFrontEnd(error)) throw error;
    // What the transport says is for developers: an unknown CA or a wrong port deserve plain words.
    throw explainFailure(error, config.output.hosts.join(', '), config.output);
  } finally {
    await client.close();
  }
}

async function withPlaces<T>(
  config: InstallConfig,
  client: Client,
  target: Target,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const manifest = loadManifest();
  const frontEnd = frontEndAccess(config, target.engine);
  const cluster = { client, target, manifest, lifecycle: config.lifecycle, fields: targetFields() };
  const places = installPlaces(cluster, frontEnd, config.rules);
  const plan: Session['plan'] = ({ only = [], force = false } = {}) => makePlan(places, { only, force }, manifest);
  try {
    return await work({ client, manifest, target, places, plan });
  } finally {
    await frontEnd.close();
  }
}
