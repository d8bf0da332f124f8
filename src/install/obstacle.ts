import { capabilities as facts, type Capability, type Target } from '../target/capability.js';

/** Why something is left out. */
export interface Obstacle {
  /** Full sentences. */
  readonly why: string;
  /** Only a privilege is missing. */
  readonly denied: boolean;
}

export const notAskedFor: Obstacle = { why: 'Not asked for (--only).', denied: false };

/** The cluster does not have what an asset cannot do without, or does not let us see whether it has. */
export function lack(capability: Capability, target: Target): Obstacle {
  const { what, without } = facts[capability];
  const finding = target.findings.get(capability);
  const denied = finding?.state === 'unknown';
  const where = denied ? 'It is not known whether the cluster has' : 'The cluster does not have';
  const detail = finding === undefined || finding.detail === '' ? '' : ` (${finding.detail})`;
  return { why: `${where} ${what}${detail}. ${denied ? 'Nothing is changed.' : without}`, denied };
}

/** A later release has installed it; undefined when none has. */
export function newer(installed: number | string, wanted: number | string): Obstacle | undefined {
  if (typeof installed !== 'number' || typeof wanted !== 'number' || installed <= wanted) return undefined;
  const why = `The installed version ${installed} is newer than version ${wanted} of this release; --force replaces it.`;
  return { why, denied: false };
}
