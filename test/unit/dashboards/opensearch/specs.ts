import type { TargetField } from '../../../../src/map/fields.js';
import type { ChartPanel, Dashboard, Dashboards } from '../../../../src/dashboards/spec.js';
import type { SavedObject } from '../../../../src/dashboards/saved-object.js';
import { openSearchDashboards } from '../../../../src/dashboards/opensearch/build.js';

const dashboard: Dashboard = {
  id: 'flows',
  title: 'Flows',
  description: 'Who goes where?',
  last: '24h',
  where: {},
  controls: [],
  panels: [],
};

const dataView: Dashboards['dataView'] = {
  id: 'events',
  pattern: 'logs-*',
  name: 'Events',
  timeField: '@timestamp',
  computed: [
    {
      name: 'lag_seconds',
      description: 'Lag.',
      script: "doc['event.ingested'].value - doc['@timestamp'].value",
      from: ['event.ingested', '@timestamp'],
      unit: 'seconds',
    },
  ],
  links: [],
};

export const fields: readonly TargetField[] = [
  field('@timestamp', 'date'),
  field('destination.ip', 'ip'),
  field('destination.port', 'long'),
  field('event.action', 'keyword'),
  field('event.duration', 'long'),
  field('message', 'match_only_text'),
  field('source.bytes', 'long'),
  field('user.name', 'keyword'),
];

function field(name: string, type: TargetField['type']): TargetField {
  return { name, type, description: '', home: 'ecs', array: false, storage: 'both' };
}

/** The objects of one dashboard over a small data view. */
export function built(
  changes: Partial<Dashboard> = {},
  more: { view?: Partial<Dashboards['dataView']>; searches?: Dashboards['searches'] } = {},
): SavedObject[] {
  const specs: Dashboards = {
    dataView: { ...dataView, ...more.view },
    dashboards: [{ ...dashboard, ...changes }],
    searches: more.searches ?? [],
  };
  return openSearchDashboards(specs, fields);
}

/** The only object of a type, or the one with the id. */
export function pick(objects: readonly SavedObject[], type: string, id?: string): SavedObject {
  const found = objects.find((object) => object.type === type && (id === undefined || object.id === id));
  if (found === undefined) throw new Error(`no ${type} ${id ?? ''}`);
  return found;
}

/** A JSON text inside an object's attributes, by its path. */
export function json(object: SavedObject, ...path: string[]): unknown {
  let value: unknown = object.attributes;
  for (const key of path) value = (value as Record<string, unknown>)[key];
  return JSON.parse(String(value));
}

export interface VisState {
  readonly title: string;
  readonly type: string;
  readonly aggs: readonly { id: string; type: string; schema: string; params: Record<string, unknown> }[];
  readonly params: Record<string, unknown>;
}

/** A chart panel needs only what the test is about. */
export function chart<P extends ChartPanel>(
  panel: Omit<P, 'id' | 'title' | 'at' | 'where'> & Partial<P>,
): {
  object: SavedObject;
  state: VisState;
  uiState: unknown;
} {
  const whole = { id: 'chart', title: 'Chart', at: [0, 0, 24, 10], where: {}, ...panel } as unknown as P;
  const object = pick(built({ panels: [whole] }), 'visualization', 'flows-chart');
  return { object, state: json(object, 'visState') as VisState, uiState: json(object, 'uiStateJSON') };
}
