import type { SavedObject } from '../../dashboards/saved-object.js';
import { toNdjson } from '../../dashboards/saved-object.js';
import { ConnectorError } from '../../errors.js';
import { asList, asObject, isOk, path, type Answer } from '../../target/answer.js';
import { reasonOfFrontEnd, refuse, type FrontEnd } from './client.js';

/** What names a saved object. */
export type ObjectRef = Pick<SavedObject, 'type' | 'id'>;

/** `dashboard:cloudconnexa-flow-overview` */
export function keyOf({ type, id }: ObjectRef): string {
  return `${type}:${id}`;
}

/** Objects that a server has, and references of theirs that lead nowhere; or that it does not let us read them. */
export type Exported =
  | { readonly denied: false; readonly objects: readonly SavedObject[]; readonly missing: readonly ObjectRef[] }
  | { readonly denied: true; readonly reason: string };

/**
 * Reads objects by their ids; those that are not there are not in the answer. With `deep` the references are followed.
 * Source: `POST /api/saved_objects/_export` of both servers, the one way to read objects that serverless Kibana has, too.
 * @throws ConnectorError CCX_ASSET_REFUSED and what `ask` throws
 */
export async function exportObjects(server: FrontEnd, refs: readonly ObjectRef[], deep = false): Promise<Exported> {
  if (refs.length === 0) return { denied: false, objects: [], missing: [] };
  const place = `POST ${server.place}/api/saved_objects/_export`;
  const objects = refs.map(({ type, id }) => ({ type, id }));
  const answer = await server.ask('POST', '/api/saved_objects/_export', { objects, includeReferencesDeep: deep });
  if (answer.status === 403) return { denied: true, reason: reasonOfFrontEnd(answer) };
  const absent = absentOf(answer);
  // One object that is not there fails the whole export; the answer names all of them.
  if (absent.size > 0) {
    const rest = refs.filter((ref) => !absent.has(keyOf(ref)));
    if (rest.length < refs.length) return exportObjects(server, rest, deep);
  }
  refuse(answer, server, place, 'The saved objects could not be read');
  return { denied: false, ...readExport(answer) };
}

function absentOf(answer: Answer): ReadonlySet<string> {
  if (answer.status !== 400) return new Set();
  const failed = asList(asObject(asObject(answer.body).attributes).objects).map(asObject);
  const absent = failed.filter(({ error }) => asObject(error).statusCode === 404);
  return new Set(absent.map(({ type, id }) => keyOf({ type: String(type), id: String(id) })));
}

/** Lines of objects, the last one a summary; a single line reads as one JSON value. */
function readExport({ body }: Answer): { objects: SavedObject[]; missing: ObjectRef[] } {
  const lines: unknown[] =
    typeof body === 'string'
      ? body
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as unknown)
      : [body];
  const objects = lines.filter((line) => 'attributes' in asObject(line)) as SavedObject[];
  const summary = asObject(lines.find((line) => 'missingReferences' in asObject(line)));
  return { objects, missing: asList(summary.missingReferences) as ObjectRef[] };
}

/**
 * Stores objects. Without `overwrite` none of them may be there.
 * Source: `POST /api/saved_objects/_import` of both servers: success or not, its status is 200.
 * @throws ConnectorError CCX_ASSET_FOREIGN, CCX_ASSET_REFUSED with every object that was not stored; CCX_DASHBOARDS_OLD,
 *   CCX_DASHBOARDS_DENIED and what `upload` throws
 */
export async function importObjects(
  server: FrontEnd,
  objects: readonly SavedObject[],
  overwrite: boolean,
): Promise<void> {
  if (objects.length === 0) return;
  const target = `/api/saved_objects/_import${overwrite ? '?overwrite=true' : ''}`;
  const place = `POST ${server.place}${target}`;
  const answer = await server.upload(target, toNdjson(objects));
  refuse(answer, server, place, 'The saved objects were not stored');
  const { success, errors, successResults } = asObject(answer.body);
  const failed = asList(errors).map(asObject);
  if (failed.length > 0 || success !== true) throw importError(failed, server, place);
  await undoCopies(server, asList(successResults).map(asObject), place);
}

type ImportFailure = Readonly<Record<string, unknown>>;

function importError(failed: readonly ImportFailure[], server: FrontEnd, place: string): ConnectorError {
  const conflicts = failed.filter(({ error }) => String(asObject(error).type).includes('conflict'));
  const code = failed.length > 0 && conflicts.length === failed.length ? 'CCX_ASSET_FOREIGN' : 'CCX_ASSET_REFUSED';
  const list = failed.map((one) => `\n  - ${spokenFailure(one)}`).join('') || ' it gives no reason';
  return new ConnectorError(code, `${server.product.name} did not store these saved objects:${list}`, { place });
}

/** Kinds of errors: `SavedObjectsImportFailure` of both servers. */
function spokenFailure({ type, id, error, title, meta }: ImportFailure): string {
  const { type: kind, references, message, statusCode } = asObject(error);
  const name = `${String(type)} ${String(id)} (${String(title ?? asObject(meta).title)})`;
  switch (kind) {
    case 'conflict':
    case 'ambiguous_conflict':
      return `${name}: there is one with this id that is not ours`;
    case 'missing_references':
      return `${name}: it refers to ${asList(references).map(spokenReference).join(', ')}, which is not there`;
    case 'unsupported_type':
      return `${name}: this server does not know the type ${String(type)}`;
    default:
      return `${name}: ${[message ?? kind ?? 'no reason given', statusCode].filter(Boolean).join(', ')}`;
  }
}

function spokenReference(reference: unknown): string {
  const { type, id } = asObject(reference);
  return `${String(type)} ${String(id)}`;
}

/** An id that is taken in another space makes Kibana store a copy under a new one, which nobody would find again. */
async function undoCopies(server: FrontEnd, results: readonly ImportFailure[], place: string): Promise<void> {
  const copies = results.filter(({ id, destinationId }) => typeof destinationId === 'string' && destinationId !== id);
  if (copies.length === 0) return;
  for (const { type, destinationId } of copies) {
    await deleteObject(server, { type: String(type), id: String(destinationId) });
  }
  const names = copies.map(({ type, id }) => `${String(type)} ${String(id)}`).join(', ');
  throw new ConnectorError('CCX_ASSET_FOREIGN', `Another space of Kibana has these already: ${names}`, {
    place,
    remedy:
      'Share them from that space into this one, or run uninstall there first: their ids are unique in all spaces.',
  });
}

/**
 * Removes an object; one that is not there is fine.
 * @throws ConnectorError CCX_DASHBOARDS_DENIED, CCX_ASSET_REFUSED and what `ask` throws
 */
export async function deleteObject(server: FrontEnd, ref: ObjectRef): Promise<void> {
  const target = path`/api/saved_objects/${ref.type}/${ref.id}`;
  const answer = await server.ask('DELETE', target);
  if (answer.status === 404 || isOk(answer)) return;
  refuse(answer, server, `DELETE ${server.place}${target}`, `${ref.type} ${ref.id} was not removed`);
}
