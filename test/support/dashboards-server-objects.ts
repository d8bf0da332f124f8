import { asList, asObject } from '../../src/target/answer.js';
import { error, type Call, type Reply, type State } from './dashboards-server.js';

export interface StoredObject {
  readonly type: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly references: readonly { readonly type: string; readonly id: string; readonly name: string }[];
  readonly migrationVersion?: Readonly<Record<string, string>>;
  readonly typeMigrationVersion?: string;
}

const defaultTypes = ['index-pattern', 'search', 'visualization', 'dashboard'];

function keyOf({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type}:${id}`;
}

/** One object that is not there fails all of them. */
export function exportReply({ body, corner }: Call, { objects, options }: State): Reply {
  const wanted = asList(asObject(body).objects) as { type: string; id: string }[];
  const { types = defaultTypes } = options;
  const foreign = wanted.filter(({ type }) => !types.includes(type));
  if (foreign.length > 0) {
    const list = foreign.map(keyOf).join(', ');
    return error(400, 'Bad Request', `Trying to export object(s) with non-exportable types: ${list}`);
  }
  const absent = wanted.filter((ref) => !objects.has(corner + keyOf(ref)));
  if (absent.length > 0) {
    const failed = absent.map((ref) => ({
      ...ref,
      error: { statusCode: 404, error: 'Not Found', message: 'Not found' },
    }));
    return error(400, 'Bad Request', 'Error fetching objects to export', { attributes: { objects: failed } });
  }
  const found = wanted.flatMap((ref) => objects.get(corner + keyOf(ref)) ?? []);
  const references = found.flatMap((object) => object.references);
  const missing = references.filter((ref) => !objects.has(corner + keyOf(ref)));
  const deep = asObject(body).includeReferencesDeep === true;
  const more = deep ? references.flatMap((ref) => objects.get(corner + keyOf(ref)) ?? []) : [];
  const all = new Map([...found, ...more].map((object) => [keyOf(object), object]));
  const summary = {
    exportedCount: all.size,
    missingRefCount: deep ? missing.length : 0,
    missingReferences: deep ? missing.map(({ type, id }) => ({ type, id })) : [],
  };
  const stamped = [...all.values()].map((object) => ({
    ...object,
    updated_at: '2026-01-01T00:00:00.000Z',
    version: 'WzEsMV0=',
  }));
  const lines = [...stamped, summary].map((line) => JSON.stringify(line)).join('\n');
  const name = options.product === 'Kibana' ? 'kbn-name' : 'osd-name';
  return [200, lines, { 'content-type': 'application/ndjson', [name]: 'test' }];
}

interface Failure {
  readonly type: string;
  readonly id: string;
  readonly error: { readonly type: string };
}

export function importReply(call: Call, state: State): Reply {
  if (!Array.isArray(call.body)) return error(400, 'Bad Request', String(call.body));
  const sent = call.body as StoredObject[];
  const newer = newerVersion(sent, state);
  if (newer !== undefined) return newer;
  const overwrite = call.query.get('overwrite') === 'true';
  const errors = [
    ...unsupported(sent, state),
    ...missingReferences(sent, call, state),
    ...(overwrite ? [] : conflicts(sent, call, state)),
  ];
  const failed = new Set(errors.map(keyOf));
  const good = sent.filter((object) => !failed.has(keyOf(object)));
  // What somebody could resolve keeps all others out, which are called successes all the same.
  const stopped = errors.some(({ error: { type } }) => type !== 'unsupported_type');
  const results = good.map((object) => (stopped ? resultOf(object) : storeOne(object, call, state)));
  return [
    200,
    {
      successCount: results.length,
      success: errors.length === 0,
      ...(results.length > 0 ? { successResults: results } : {}),
      ...(errors.length > 0 ? { errors } : {}),
    },
  ];
}

function newerVersion(sent: readonly StoredObject[], { options }: State): Reply | undefined {
  const newer = sent.find(({ type, migrationVersion, typeMigrationVersion = migrationVersion?.[type] }) => {
    const known = options.newest?.[type];
    return known !== undefined && typeMigrationVersion !== undefined && isNewer(typeMigrationVersion, known);
  });
  if (newer === undefined) return undefined;
  const text = `Document "${newer.id}" has property "${newer.type}" which belongs to a more recent version of ${options.product}`;
  return error(422, 'Unprocessable Entity', text);
}

function isNewer(version: string, known: string): boolean {
  const [a, b] = [version, known].map((text) => text.split('.').map(Number));
  for (const [i, part] of (a ?? []).entries()) if (part !== (b?.[i] ?? 0)) return part > (b?.[i] ?? 0);
  return false;
}

function unsupported(sent: readonly StoredObject[], { options }: State): Failure[] {
  const { types = defaultTypes } = options;
  return sent
    .filter(({ type }) => !types.includes(type))
    .map((object) => failure(object, { type: 'unsupported_type' }));
}

/** Only these two kinds are looked for: a dashboard without its visualization is a success. */
function missingReferences(sent: readonly StoredObject[], { corner }: Call, { objects }: State): Failure[] {
  const coming = new Set(sent.map(keyOf));
  return sent.flatMap((object) => {
    const references = object.references
      .filter(({ type }) => type === 'index-pattern' || type === 'search')
      .filter((ref) => !coming.has(keyOf(ref)) && !objects.has(corner + keyOf(ref)))
      .map(({ type, id }) => ({ type, id }));
    return references.length === 0 ? [] : [failure(object, { type: 'missing_references', references })];
  });
}

function conflicts(sent: readonly StoredObject[], { corner }: Call, { objects }: State): Failure[] {
  return sent
    .filter((object) => objects.has(corner + keyOf(object)))
    .map((object) => failure(object, { type: 'conflict' }));
}

function failure({ type, id, attributes }: StoredObject, cause: { type: string; [more: string]: unknown }): Failure {
  const { title } = attributes;
  return { type, id, ...{ title, meta: { title, icon: `${type}App` } }, error: cause };
}

/** In Kibana an id may be used in one space only: the object gets another one. */
function storeOne(object: StoredObject, { corner }: Call, { objects, options }: State): object {
  const { id } = object;
  const taken = [...objects.keys()].some(
    (key) => key.split('|').at(-1) === keyOf(object) && key !== corner + keyOf(object),
  );
  const destination = options.product === 'Kibana' && taken ? `copy-of-${id}` : undefined;
  const stored = { ...object, id: destination ?? id };
  if (!options.loses?.has(keyOf(object))) objects.set(corner + keyOf(stored), stored);
  return { ...resultOf(object), ...(destination === undefined ? {} : { destinationId: destination }) };
}

function resultOf({ type, id, attributes }: StoredObject): object {
  return { type, id, meta: { title: attributes['title'] } };
}
