import { asList } from '../../src/target/answer.js';
import { error, type Call, type Reply, type State } from './dashboards-server.js';

export interface StoredRule {
  readonly rule_id: string;
  readonly type: string;
  readonly [field: string]: unknown;
}

const api = '/api/detection_engine/rules';

/** What Kibana adds to a rule that does not say. */
const defaults = {
  ...{ enabled: true, interval: '5m', from: 'now-6m', to: 'now', max_signals: 100, immutable: false, revision: 0 },
  ...{ actions: [], exceptions_list: [], created_by: 'kim', updated_by: 'kim' },
};

/** The detection engine, in its own words: `status_code` where the rest of Kibana says `statusCode`. */
export function detectionReply(call: Call, state: State): Reply {
  const { method, path, query, body, corner } = call;
  if (path === `${api}/_import` && method === 'POST') return importRules(call, state);
  if (path !== api) return error(404, 'Not Found', 'Not Found');
  const sent = body as StoredRule;
  const id = query.get('rule_id') ?? sent.rule_id;
  const stored = state.rules.get(corner + id);
  if (stored === undefined) return [404, { message: `rule_id: "${id}" not found`, status_code: 404 }];
  if (method === 'DELETE') state.rules.delete(corner + id);
  if (method === 'PATCH')
    state.rules.set(corner + id, { ...stored, ...sent, type: stored.type, revision: revised(stored) });
  if (method === 'PUT') {
    const kept = { enabled: stored['enabled'], id: stored['id'], revision: revised(stored) };
    state.rules.set(corner + id, { ...defaults, ...kept, ...sent });
  }
  return [200, state.rules.get(corner + id) ?? stored];
}

function revised({ revision }: StoredRule): number {
  return Number(revision) + 1;
}

function importRules({ body, query, corner }: Call, { rules }: State): Reply {
  if (!Array.isArray(body)) return [400, { message: String(body), status_code: 400 }];
  const overwrite = query.get('overwrite') === 'true';
  const sent = asList(body) as StoredRule[];
  const errors = sent
    .filter(({ rule_id: id }) => !overwrite && rules.has(corner + id))
    .map(({ rule_id: id }) => ({
      rule_id: id,
      error: { status_code: 409, message: `rule_id: "${id}" already exists` },
    }));
  const failed = new Set(errors.map(({ rule_id: id }) => id));
  const good = sent.filter(({ rule_id: id }) => !failed.has(id));
  for (const rule of good) rules.set(corner + rule.rule_id, { ...defaults, id: `so-${rule.rule_id}`, ...rule });
  return [
    200,
    {
      success: errors.length === 0,
      success_count: good.length,
      rules_count: sent.length,
      errors,
      exceptions_errors: [],
    },
  ];
}
