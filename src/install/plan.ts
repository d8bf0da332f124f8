import { ConnectorError } from '../errors.js';
import type { AssetGroup, Manifest } from '../manifest.js';
import type { Difference } from './diff.js';

/** Told after each step, one sentence. */
export type Report = (line: string) => void;

/** What is to be done about one asset. `foreign`: somebody else's object has the name. */
export type Action = 'create' | 'update' | 'unchanged' | 'left_out' | 'foreign';

/** A number that is raised with each change, or a digest of the content. */
export type Version = number | string;

/** One object that setup installs, wherever it is stored. */
export interface PlanItem {
  /** Unique in a plan. */
  readonly id: string;
  readonly group: AssetGroup;
  /** `index_template`, `dashboard`, `detection_rule`, … */
  readonly kind: string;
  readonly name: string;
  readonly action: Action;
  /** What is installed now, when it is ours. */
  readonly installed: Version | undefined;
  readonly wanted: Version;
  readonly differences: readonly Difference[];
  /** Why it is left out, or what we are made to do without; full sentences. */
  readonly notes: readonly string[];
  /** Whether it is left out only because a privilege is missing. */
  readonly denied: boolean;
}

export interface PlanRequest {
  /** Groups to install; empty means all. */
  readonly only: readonly string[];
  /** Replace foreign objects and newer versions. */
  readonly force: boolean;
}

/** What is to be done at one place: the cluster, Kibana's saved objects, its rules, … */
export interface PlacePlan {
  readonly items: readonly PlanItem[];
  /** Stores what is to be created or updated. @throws ConnectorError at the first refusal */
  readonly apply: (report: Report) => Promise<void>;
}

/** One kind of place where assets are stored. */
export interface Place {
  /** Compares what this release has with what is stored. Changes nothing. */
  readonly plan: (request: PlanRequest) => Promise<PlacePlan>;
  /** What is to be removed of ours, in the order in which it has to be. Changes nothing. */
  readonly planRemoval: (data: boolean) => Promise<readonly Removal[]>;
}

/** One thing that uninstall looks at. */
export interface Removal {
  /** `data_stream`, or the kind of an asset. */
  readonly what: string;
  readonly name: string;
  readonly action: 'remove' | 'keep' | 'missing';
  /** Number of documents of a data stream, or why it is not known. */
  readonly documents?: number | string;
  /** Why it is kept. */
  readonly reason?: string;
  /** Whether it is ours and stays although its removal was asked for. */
  readonly blocked: boolean;
  /** Whether its neighbours of the same kind may be removed at the same time. */
  readonly sideBySide?: boolean;
  /** Does it, where `action` is `remove`. @throws ConnectorError when it is refused */
  readonly remove?: () => Promise<void>;
}

/**
 * One plan for all places, in their order. Changes nothing before `apply`.
 * @throws ConnectorError CCX_USAGE (unknown group) and what the places throw
 */
export async function makePlan(places: readonly Place[], request: PlanRequest, manifest: Manifest): Promise<PlacePlan> {
  checkGroups(request.only, manifest);
  const plans: PlacePlan[] = [];
  for (const place of places) plans.push(await place.plan(request));
  return {
    items: plans.flatMap(({ items }) => items),
    apply: async (report) => {
      for (const { apply } of plans) await apply(report);
    },
  };
}

/** @throws ConnectorError CCX_USAGE that names the groups there are */
export function checkGroups(only: readonly string[], manifest: Manifest): void {
  const known = new Set<string>(manifest.assets.map((asset) => asset.group));
  const unknown = only.filter((group) => !known.has(group));
  if (unknown.length === 0) return;
  throw new ConnectorError('CCX_USAGE', `Unknown kind of asset: ${unknown.join(', ')}`, {
    place: '--only',
    remedy: `Use ${[...known].join(', ')}, several with commas between them.`,
  });
}
