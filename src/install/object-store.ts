import type { ManifestAsset } from '../manifest.js';
import type { Target } from '../target/capability.js';
import type { Difference } from './diff.js';
import { lack, newer, notAskedFor, type Obstacle } from './obstacle.js';
import type { Action, Place, PlacePlan, PlanItem, PlanRequest, Removal, Report, Version } from './plan.js';

/**
 * A server that keeps objects one by one, each with our mark in it: saved objects, detection rules, monitors. Their content is
 * checked in, and whether one is up to date is told by its mark, so that what a user has changed stays until a release
 * has something new.
 */
export interface ObjectStore<Body, Stored> {
  /** The manifest's entry for all of them. */
  readonly asset: ManifestAsset;
  /** What this release has, in install order. */
  readonly wanted: () => readonly Wanted<Body>[];
  /** Looks for all wanted objects. @throws ConnectorError when the server does not answer, or not as it should */
  readonly look: () => Promise<Look<Stored>>;
  /** Creates and updates, and reads back. @throws ConnectorError that names the object at fault */
  readonly store: (changes: readonly ObjectChange<Body, Stored>[], report: Report) => Promise<void>;
  /** @throws ConnectorError when it is refused */
  readonly remove: (wanted: Wanted<Body>, stored: Stored) => Promise<void>;
}

export interface Wanted<Body> {
  /** Unique in its store. */
  readonly id: string;
  /** `dashboard`, `detection_rule`, … */
  readonly kind: string;
  /** For people. */
  readonly name: string;
  readonly version: Version;
  readonly body: Body;
}

/** What a look has found. `closed`: the store is not there, or not for us; why in full sentences. */
export type Look<Stored> =
  | { readonly state: 'open'; readonly found: ReadonlyMap<string, Found<Stored>> }
  | { readonly state: 'closed'; readonly why: string; readonly denied: boolean };

export interface Found<Stored> {
  /** Undefined: somebody else's. */
  readonly version: Version | undefined;
  readonly stored: Stored;
  /** What the user should know about it, full sentences. */
  readonly notes: readonly string[];
}

export interface ObjectChange<Body, Stored> {
  readonly wanted: Wanted<Body>;
  /** What is there now; undefined where it is to be created. */
  readonly found: Found<Stored> | undefined;
}

/** Objects of one store as a place of the plan. */
export function objectPlace<Body, Stored>(store: ObjectStore<Body, Stored>, target: Target): Place {
  return {
    plan: (request) => planObjects(store, target, request),
    planRemoval: () => planObjectRemoval(store, target),
  };
}

async function planObjects<Body, Stored>(
  store: ObjectStore<Body, Stored>,
  target: Target,
  request: PlanRequest,
): Promise<PlacePlan> {
  const look = await lookUnless(store, isAsked(store.asset, request) ? missing(store.asset, target) : notAskedFor);
  if (look.state === 'closed') return { items: [leftOut(store.asset, look)], apply: () => Promise.resolve() };
  const steps = store.wanted().map((wanted) => {
    const found = look.found.get(wanted.id);
    return { item: planItem(store.asset, wanted, found, request), wanted, found };
  });
  const changes = steps.filter(({ item: { action } }) => action === 'create' || action === 'update');
  return {
    items: steps.map(({ item }) => item),
    apply: (report) => (changes.length === 0 ? Promise.resolve() : store.store(changes, report)),
  };
}

function isAsked(asset: ManifestAsset, { only }: PlanRequest): boolean {
  return only.length === 0 || only.includes(asset.group);
}

function missing(asset: ManifestAsset, target: Target): Obstacle | undefined {
  const lacking = asset.needs.find((need) => !target.capabilities.has(need));
  return lacking === undefined ? undefined : lack(lacking, target);
}

/** A store that is not asked for, or cannot be there, is not spoken to at all. */
async function lookUnless<Body, Stored>(
  store: ObjectStore<Body, Stored>,
  obstacle: Obstacle | undefined,
): Promise<Look<Stored>> {
  return obstacle === undefined ? store.look() : { state: 'closed', ...obstacle };
}

function leftOut(asset: ManifestAsset, { why, denied }: Obstacle): PlanItem {
  const { id, group, kind, name, version: wanted } = asset;
  return {
    id,
    group,
    kind,
    name,
    action: 'left_out',
    installed: undefined,
    wanted,
    differences: [],
    notes: [why],
    denied,
  };
}

function planItem<Body, Stored>(
  asset: ManifestAsset,
  wanted: Wanted<Body>,
  found: Found<Stored> | undefined,
  { force }: PlanRequest,
): PlanItem {
  const { id, kind, name, version } = wanted;
  const installed = found?.version;
  const base = { id, group: asset.group, kind, name, installed, wanted: version, differences: [], denied: false };
  const later = installed === undefined || force ? undefined : newer(installed, version);
  if (later !== undefined) return { ...base, action: 'left_out', notes: [later.why] };
  const action = actionFor(found, version, force);
  const notes = found?.notes ?? [];
  return { ...base, action, notes, differences: action === 'update' ? difference(installed, version) : [] };
}

function actionFor(found: Found<unknown> | undefined, version: Version, force: boolean): Action {
  if (found === undefined) return 'create';
  if (found.version === undefined) return force ? 'update' : 'foreign';
  return found.version === version ? 'unchanged' : 'update';
}

function difference(installed: Version | undefined, wanted: Version): Difference[] {
  const path = typeof wanted === 'number' ? 'version' : 'content';
  return [{ path, ...(installed === undefined ? {} : { stored: String(installed) }), wanted: String(wanted) }];
}

async function planObjectRemoval<Body, Stored>(
  store: ObjectStore<Body, Stored>,
  target: Target,
): Promise<readonly Removal[]> {
  const look = await lookUnless(store, missing(store.asset, target));
  const all = { what: store.asset.kind, name: store.asset.name };
  if (look.state === 'closed') return [{ ...all, action: 'keep', reason: look.why, blocked: look.denied }];
  if (look.found.size === 0) return [{ ...all, action: 'missing', blocked: false }];
  // What refers to others comes after them, and goes before.
  return store
    .wanted()
    .toReversed()
    .flatMap((wanted): Removal[] => {
      const found = look.found.get(wanted.id);
      const base = { what: wanted.kind, name: wanted.name, blocked: false };
      if (found === undefined) return [];
      if (found.version === undefined) {
        return [{ ...base, action: 'keep', reason: 'It was not installed by cloudconnexa-ecs.' }];
      }
      return [{ ...base, action: 'remove', sideBySide: true, remove: () => store.remove(wanted, found.stored) }];
    });
}
