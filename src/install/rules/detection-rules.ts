import { readFileSync } from 'node:fs';
import { ConnectorError } from '../../errors.js';
import type { ManifestAsset } from '../../manifest.js';
import { packagePath } from '../../package-root.js';
import { asList, asObject, isOk, type Answer } from '../../target/answer.js';
import type { FrontEndAccess } from '../front-end/access.js';
import { reasonOfFrontEnd, refuse, type FrontEnd } from '../front-end/client.js';
import type { Found, Look, ObjectChange, ObjectStore, Wanted } from '../object-store.js';
import { once } from '../once.js';
import type { Report } from '../plan.js';

/** A rule of Kibana's detection engine as its API takes and gives it; only what is looked at here has a type. */
interface DetectionRule {
  readonly rule_id: string;
  readonly name: string;
  readonly type: string;
  readonly version: number;
  readonly author?: readonly string[];
  readonly enabled?: boolean;
  readonly [field: string]: unknown;
}

type Change = ObjectChange<DetectionRule, DetectionRule>;

const api = '/api/detection_engine/rules';

/** Rules are known by their `rule_id`, and as ours by their author, which Kibana keeps when somebody edits them. */
const author = 'cloudconnexa-ecs';

/**
 * The user's: an update never sends them. When a rule is looked at, how far back, whether at all, what is excepted and who is
 * told belong to who runs it.
 */
const usersFields: readonly string[] = [
  ...['enabled', 'interval', 'from', 'to', 'max_signals', 'exceptions_list'],
  ...['actions', 'throttle', 'response_actions', 'alert_suppression'],
];

/**
 * Rules of Kibana's detection engine. Source: its public API, version 2023-10-31, the same in 8.19, 9 and serverless.
 * @param enable Whether a rule runs as soon as it is created.
 */
export function detectionRuleStore(
  asset: ManifestAsset,
  access: FrontEndAccess,
  enable: boolean,
): ObjectStore<DetectionRule, DetectionRule> {
  const wanted = once(() => readRules(asset.name));
  return {
    asset,
    wanted,
    look: () => access.through((server) => look(server, wanted(), enable)),
    store: async (changes, report) => store(await access.open(), changes, enable, report),
    remove: async ({ id }) => remove(await access.open(), id),
  };
}

function readRules(path: string): Wanted<DetectionRule>[] {
  const lines = readFileSync(packagePath(path), 'utf8').split('\n');
  const rules = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as DetectionRule);
  return rules.map((body) => ({
    id: body.rule_id,
    kind: 'detection_rule',
    name: body.name,
    version: body.version,
    body,
  }));
}

async function look(
  server: FrontEnd,
  wanted: readonly Wanted<DetectionRule>[],
  enable: boolean,
): Promise<Look<DetectionRule>> {
  const answers = await Promise.all(wanted.map(async ({ id }) => [id, await get(server, id)] as const));
  const denied = answers.find(([, { status }]) => status === 403);
  if (denied !== undefined) {
    const why = `Kibana does not let us read detection rules: ${reasonOfFrontEnd(denied[1])}.`;
    return { state: 'closed', why, denied: true };
  }
  if (answers.some(([, answer]) => isNoRoute(answer))) {
    return { state: 'closed', why: 'This Kibana has no detection engine. No rules are installed.', denied: false };
  }
  const found = answers.flatMap(([id, answer]): [string, Found<DetectionRule>][] => {
    if (answer.status === 404) return [];
    refuse(answer, server, place('GET', server, id), `Detection rule ${id} could not be read`);
    return [[id, foundRule(answer.body as DetectionRule, enable)]];
  });
  return { state: 'open', found: new Map(found) };
}

/** A rule that is not there is answered by the detection engine, in its own words: `status_code`, not `statusCode`. */
function isNoRoute({ status, body }: Answer): boolean {
  return status === 404 && !('status_code' in asObject(body));
}

function foundRule(stored: DetectionRule, enable: boolean): Found<DetectionRule> {
  const ours = stored.author?.includes(author) ?? false;
  const off = ours && enable && stored.enabled === false;
  return {
    version: ours ? stored.version : undefined,
    stored,
    notes: off ? ['It is disabled and stays so: rules.enable is for rules that are created.'] : [],
  };
}

async function store(server: FrontEnd, changes: readonly Change[], enable: boolean, report: Report): Promise<void> {
  const created = changes.filter(({ found }) => found === undefined).map(({ wanted }) => wanted.body);
  await create(server, created, enable);
  if (created.length > 0) {
    report(`Created ${created.length} × detection rule, ${enable ? 'running' : 'disabled: enable them in Kibana'}.`);
  }
  for (const { wanted, found } of changes) {
    if (found === undefined) continue;
    await update(server, wanted.body, found.stored);
    report(`Updated detection rule ${wanted.name}.`);
  }
  await readBack(server, changes);
}

/** Source: `POST /api/detection_engine/rules/_import`; its status is 200 also when rules were refused. */
async function create(server: FrontEnd, rules: readonly DetectionRule[], enable: boolean): Promise<void> {
  if (rules.length === 0) return;
  const lines = rules.map((rule) => `${JSON.stringify({ ...rule, enabled: enable })}\n`).join('');
  const answer = await server.upload(`${api}/_import`, lines);
  const where = `POST ${server.place}${api}/_import`;
  refuse(answer, server, where, 'The detection rules were not stored');
  const { success, errors } = asObject(answer.body);
  const failed = asList(errors).map(asObject);
  if (success === true && failed.length === 0) return;
  const list = failed.map((one) => `\n  - ${spokenFailure(one)}`).join('') || ' it gives no reason';
  const conflicts = failed.filter(({ error }) => asObject(error).status_code === 409);
  const code = failed.length > 0 && conflicts.length === failed.length ? 'CCX_ASSET_FOREIGN' : 'CCX_ASSET_REFUSED';
  throw new ConnectorError(code, `Kibana did not store these detection rules:${list}`, { place: where });
}

function spokenFailure({ rule_id: id, error }: Readonly<Record<string, unknown>>): string {
  const { message, status_code: status } = asObject(error);
  return `${String(id)}: ${String(message)} (${String(status)})`;
}

/** A patch cannot change what kind of rule it is; then all of it is replaced, but for what is the user's. */
async function update(server: FrontEnd, wanted: DetectionRule, stored: DetectionRule): Promise<void> {
  const own = Object.fromEntries(Object.entries(wanted).filter(([field]) => !usersFields.includes(field)));
  const kept = Object.fromEntries(Object.entries(stored).filter(([field]) => usersFields.includes(field)));
  const sameType = wanted.type === stored.type;
  const method = sameType ? 'PATCH' : 'PUT';
  const answer = await server.ask(method, api, sameType ? own : { ...own, ...kept });
  refuse(answer, server, `${method} ${server.place}${api}`, `Detection rule ${wanted.rule_id} was not updated`);
}

async function readBack(server: FrontEnd, changes: readonly Change[]): Promise<void> {
  const answers = await Promise.all(changes.map(async ({ wanted }) => [wanted, await get(server, wanted.id)] as const));
  const lost = answers.filter(([wanted, { body }]) => asObject(body).version !== wanted.version);
  if (lost.length === 0) return;
  const list = lost.map(
    ([{ id, name }, { status }]) =>
      `\n  - ${id} (${name}): ${isOk({ status } as Answer) ? 'it is there in another version' : 'it is not there'}`,
  );
  throw new ConnectorError('CCX_ASSET_REFUSED', `Kibana did not keep what it was sent:${list.join('')}`, {
    place: server.place,
  });
}

async function remove(server: FrontEnd, id: string): Promise<void> {
  const answer = await server.ask('DELETE', query(id));
  if (answer.status === 404) return;
  refuse(answer, server, place('DELETE', server, id), `Detection rule ${id} was not removed`);
}

function get(server: FrontEnd, id: string): Promise<Answer> {
  return server.ask('GET', query(id));
}

function query(id: string): string {
  return `${api}?rule_id=${encodeURIComponent(id)}`;
}

function place(method: string, server: FrontEnd, id: string): string {
  return `${method} ${server.place}${query(id)}`;
}
