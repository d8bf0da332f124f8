import type { Client } from '@elastic/elasticsearch';
import { loadManifest } from '../manifest.js';
import { ask, isOk, reasonOf } from './answer.js';
import {
  capabilities,
  capabilityNames,
  makeTarget,
  type Capability,
  type CapabilityFacts,
  type Engine,
  type Finding,
  type Target,
} from './capability.js';
import { identify } from './identify.js';
import { probes, type Probe } from './probes.js';

export interface DetectOptions {
  /** The setting `output.engine`. */
  readonly engine?: 'auto' | Engine;
  /** Which capabilities to look for; all when left out. */
  readonly only?: readonly Capability[];
}

/**
 * Finds out what runs at the client's hosts and what it can do, by requests that change nothing. A capability that the
 * credentials do not let us see is `unknown`, not absent.
 * @throws ConnectorError CCX_OUTPUT_UNREACHABLE, CCX_OUTPUT_DENIED, CCX_OUTPUT_UNSUPPORTED
 */
export async function detectCapabilities(client: Client, options: DetectOptions = {}): Promise<Target> {
  const identity = await identify(client, options.engine ?? 'auto', loadManifest().engines);
  const wanted = new Set(options.only ?? capabilityNames);
  const asked = probes.filter((probe) => wanted.has(probe.capability));
  const findings = await Promise.all(
    asked.map(async (probe) => [probe.capability, await find(client, probe, identity.engine)] as const),
  );
  return makeTarget(identity, new Map(findings));
}

async function find(client: Client, probe: Probe, engine: Engine): Promise<Finding> {
  const { engine: home } = capabilities[probe.capability] as CapabilityFacts;
  // Hosted clusters refuse the other engine's paths in ways of their own.
  if (home !== undefined && home !== engine) return { state: 'absent', detail: `${home} only` };
  const answer = await ask(client, probe.method, probe.path, probe.body);
  if (answer.status === 403) {
    return { state: 'unknown', detail: `could not find out: the ${probe.privilege[engine] ?? 'privilege'} is missing` };
  }
  const present = (probe.present ?? isOk)(answer);
  return present ? { state: 'present', detail: '' } : { state: 'absent', detail: reasonOf(answer) };
}
