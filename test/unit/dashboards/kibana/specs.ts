import { kibanaObjects } from '../../../../src/dashboards/kibana/build.js';
import type { Reference, SavedObject } from '../../../../src/dashboards/saved-object.js';
import type { ChartPanel, Dashboard, Dashboards, Panel } from '../../../../src/dashboards/spec.js';
import type { TargetField } from '../../../../src/map/fields.js';
import type { LensPanel, LensState } from './structure.js';

const dashboard: Dashboard = {
  id: 'flows',
  title: 'Flows',
  description: 'Who goes where?',
  last: '24h',
  where: {},
  controls: [],
  panels: [],
};

const specs: Dashboards = {
  dataView: {
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
    links: [
      { field: 'user.name', to: 'user' },
      { field: 'destination.port', to: 'flows' },
    ],
  },
  dashboards: [dashboard, { ...dashboard, id: 'user', title: 'User' }],
  searches: [
    { id: 'all', title: 'All', description: 'All flows.', where: { 'event.action': 'denied' }, columns: ['user.name'] },
  ],
};

export const fields: readonly TargetField[] = [
  field('@timestamp', 'date'),
  field('cloudconnexa.allowed', 'boolean'),
  field('destination.ip', 'ip'),
  field('destination.port', 'long'),
  field('event.action', 'keyword'),
  field('event.ingested', 'date'),
  field('message', 'match_only_text'),
  field('user.name', 'keyword'),
];

function field(name: string, type: TargetField['type']): TargetField {
  return { name, type, description: '', home: 'ecs', array: false, storage: 'both' };
}

/** The objects of two dashboards, `flows` (as changed) and `user`, with a saved search `all`. */
export function built(changes: Partial<Dashboard> = {}): SavedObject[] {
  const [, user] = specs.dashboards;
  return kibanaObjects({ ...specs, dashboards: [{ ...dashboard, ...changes }, user ?? dashboard] }, fields);
}

export function pick(objects: readonly SavedObject[], type: string, id: string): SavedObject {
  const found = objects.find((object) => object.type === type && object.id === id);
  if (found === undefined) throw new Error(`no ${type} ${id}`);
  return found;
}

/** The dashboard `flows`, its panels, and the references of each with its id taken off. */
export function flows(changes: Partial<Dashboard>): { object: SavedObject; panels: LensPanel[] } {
  const object = pick(built(changes), 'dashboard', 'flows');
  return { object, panels: JSON.parse(String(object.attributes.panelsJSON)) as LensPanel[] };
}

export function referencesOf({ references }: SavedObject, panel: string): Reference[] {
  return references
    .filter(({ name }) => name.startsWith(`${panel}:`))
    .map((reference) => ({ ...reference, name: reference.name.slice(panel.length + 1) }));
}

/** A chart needs only what the test is about. */
export function chart<P extends ChartPanel>(panel: Omit<P, 'id' | 'title' | 'at' | 'where'> & Partial<P>): P & Panel {
  return { id: 'chart', title: 'Chart', at: [0, 0, 24, 10], where: {}, ...panel } as unknown as P & Panel;
}

/** State of the first panel that the chart becomes. */
export function lens<P extends ChartPanel>(panel: Parameters<typeof chart<P>>[0]): LensState {
  const [first] = flows({ panels: [chart<P>(panel)] }).panels;
  if (first?.embeddableConfig.attributes === undefined) throw new Error('no Lens panel');
  return first.embeddableConfig.attributes.state;
}
