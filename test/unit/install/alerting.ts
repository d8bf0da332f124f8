/** OpenSearch Alerting inside the fake cluster: monitors under ids that the server makes, with its bookkeeping. */
export interface StoredMonitor {
  monitor: Record<string, unknown>;
  seqNo: number;
}

type Reply = readonly [status: number, body: unknown];

const api = '/_plugins/_alerting/monitors';

export function isAlerting(path: string): boolean {
  return path.startsWith(api);
}

/** Source of the shapes: OpenSearch documentation, Alerting API. Answers have no `ui_metadata`. */
export function alertingReply(
  method: string,
  path: string,
  query: string,
  body: Record<string, unknown>,
  monitors: Map<string, StoredMonitor>,
): Reply {
  if (path === `${api}/_search`) return search(monitors);
  if (method === 'POST' && path === api) return put(`id-${monitors.size + 1}`, body, undefined, monitors);
  const id = path.slice(api.length + 1);
  const stored = monitors.get(id);
  if (stored === undefined) return [404, { error: { type: 'status_exception', reason: 'Monitor not found' } }];
  if (method === 'DELETE') return monitors.delete(id) ? [200, { _id: id }] : [404, {}];
  const seen = new URLSearchParams(query).get('if_seq_no');
  if (seen !== null && seen !== String(stored.seqNo)) {
    return [409, { error: { type: 'version_conflict_engine_exception', reason: 'another revision' } }];
  }
  return put(id, body, stored, monitors);
}

function search(monitors: Map<string, StoredMonitor>): Reply {
  if (monitors.size === 0) {
    const reason = 'Configured indices are not found: [.opendistro-alerting-config]';
    return [404, { error: { type: 'alerting_exception', reason }, status: 404 }];
  }
  const hits = [...monitors].map(([id, { monitor, seqNo }]) => ({
    _index: '.opendistro-alerting-config',
    ...{ _id: id, _version: 1, _seq_no: seqNo, _primary_term: 1, _score: 1 },
    _source: shown(monitor),
  }));
  return [200, { hits: { total: { value: hits.length, relation: 'eq' }, hits } }];
}

function put(
  id: string,
  body: Record<string, unknown>,
  before: StoredMonitor | undefined,
  monitors: Map<string, StoredMonitor>,
): Reply {
  const seqNo = (before?.seqNo ?? 3) + 1;
  monitors.set(id, { monitor: body, seqNo });
  return [before ? 200 : 201, { _id: id, _version: 1, _seq_no: seqNo, _primary_term: 1, monitor: shown(body) }];
}

function shown(monitor: Record<string, unknown>): object {
  return { ...monitor, ui_metadata: undefined, schema_version: 8, owner: 'alerting', last_update_time: 1 };
}
