import { readFileSync } from 'node:fs';
import type { SavedObject } from '../../dashboards/saved-object.js';
import { ConnectorError } from '../../errors.js';
import type { ManifestAsset } from '../../manifest.js';
import { packagePath } from '../../package-root.js';
import type { Found, Look, ObjectChange, ObjectStore, Wanted } from '../object-store.js';
import type { Report } from '../plan.js';
import { spoken } from '../store.js';
import { once } from '../once.js';
import type { FrontEndAccess } from './access.js';
import type { FrontEnd } from './client.js';
import { deleteObject, exportObjects, importObjects, keyOf } from './saved-objects.js';

/** The digest in our mark; undefined for somebody else's object. */
type DigestOf = (object: SavedObject) => string | undefined;

type Change = ObjectChange<SavedObject, SavedObject>;

/** Dashboards, saved searches and what belongs to them, as Kibana and OpenSearch Dashboards keep them. */
export function savedObjectsStore(
  asset: ManifestAsset,
  access: FrontEndAccess,
  digestOf: DigestOf,
): ObjectStore<SavedObject, SavedObject> {
  const wanted = once(() => readObjects(asset.name).map((object) => wantedObject(object, digestOf)));
  return {
    asset,
    wanted,
    look: () => access.through((server) => look(server, wanted(), digestOf)),
    store: async (changes, report) => {
      const server = await access.open();
      await importChanges(server, changes);
      await readBack(server, changes, digestOf);
      reportChanges(changes, report);
    },
    remove: async ({ body }) => deleteObject(await access.open(), body),
  };
}

function readObjects(path: string): SavedObject[] {
  const lines = readFileSync(packagePath(path), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as SavedObject);
}

function wantedObject(object: SavedObject, digestOf: DigestOf): Wanted<SavedObject> {
  const { type, attributes } = object;
  const name = typeof attributes.name === 'string' ? attributes.name : String(attributes.title);
  return { id: keyOf(object), kind: type, name, version: digestOf(object) ?? '', body: object };
}

async function look(
  server: FrontEnd,
  wanted: readonly Wanted<SavedObject>[],
  digestOf: DigestOf,
): Promise<Look<SavedObject>> {
  const exported = await exportObjects(
    server,
    wanted.map(({ body }) => body),
  );
  if (exported.denied) {
    const why = `${server.product.name} does not let us read saved objects: ${exported.reason}.`;
    return { state: 'closed', why, denied: true };
  }
  const found = exported.objects.map((stored): [string, Found<SavedObject>] => [
    keyOf(stored),
    { version: digestOf(stored), stored, notes: [] },
  ]);
  return { state: 'open', found: new Map(found) };
}

/** New ones first: what is there already may come to refer to them. */
async function importChanges(server: FrontEnd, changes: readonly Change[]): Promise<void> {
  const bodies = (of: readonly Change[]): SavedObject[] => of.map(({ wanted }) => wanted.body);
  await importObjects(server, bodies(changes.filter(({ found }) => found === undefined)), false);
  await importObjects(server, bodies(changes.filter(({ found }) => found !== undefined)), true);
}

/**
 * An import says `success` too when an object refers to a visualization that does not exist; a dashboard would open with an error
 * in the place of the panel.
 */
async function readBack(server: FrontEnd, changes: readonly Change[], digestOf: DigestOf): Promise<void> {
  const bodies = changes.map(({ wanted }) => wanted.body);
  const exported = await exportObjects(server, bodies, true);
  if (exported.denied) return;
  const stored = new Map(exported.objects.map((object) => [keyOf(object), object]));
  const faults = changes.flatMap(({ wanted }) => {
    const object = stored.get(wanted.id);
    const name = `${wanted.body.type} ${wanted.body.id} (${wanted.name})`;
    if (object === undefined) return [`${name}: it is not there`];
    if (digestOf(object) !== wanted.version) return [`${name}: it is there as something else`];
    const lost = object.references.filter((reference) => !stored.has(keyOf(reference)));
    return lost.map(({ type, id }) => `${name}: it refers to ${type} ${id}, which is not there`);
  });
  if (faults.length === 0) return;
  const list = faults.map((fault) => `\n  - ${fault}`).join('');
  throw new ConnectorError('CCX_ASSET_REFUSED', `${server.product.name} did not keep what it was sent:${list}`, {
    place: server.place,
    remedy: 'Run setup again; if that does not help, its log says why.',
  });
}

/** One line for each kind: there are dozens of them. */
function reportChanges(changes: readonly Change[], report: Report): void {
  for (const [verb, done] of [
    ['Created', changes.filter(({ found }) => found === undefined)],
    ['Updated', changes.filter(({ found }) => found !== undefined)],
  ] as const) {
    const kinds = [...new Set(done.map(({ wanted }) => wanted.kind))];
    const counts = kinds.map((kind) => `${done.filter(({ wanted }) => wanted.kind === kind).length} × ${spoken(kind)}`);
    if (counts.length > 0) report(`${verb} ${counts.join(', ')}.`);
  }
}
