import { expect } from 'chai';
import type { BarsPanel, EventsPanel, HeatmapPanel, SeriesPanel, TextPanel } from '../../../../src/dashboards/spec.js';
import type { SavedObject } from '../../../../src/dashboards/saved-object.js';
import { built, chart, flows, pick, referencesOf } from './specs.js';

const count = { of: 'count', title: 'Flows' } as const;
const user = { field: 'user.name', title: 'User', size: 10 };
const port = { field: 'destination.port', title: 'Port', size: 5 };
const byUser = chart<BarsPanel>({ chart: 'bars', by: user, measure: count });

interface Filter {
  readonly meta: Readonly<Record<string, unknown>>;
  readonly query: object;
}

function filtersOf({ attributes }: SavedObject): Filter[] {
  const { searchSourceJSON } = attributes.kibanaSavedObjectMeta as { searchSourceJSON: string };
  return (JSON.parse(searchSourceJSON) as { filter: Filter[] }).filter;
}

describe('dashboards of Kibana', () => {
  it('say how far back they look', () => {
    expect(flows({ last: '7d' }).object.attributes).to.include({
      timeRestore: true,
      timeFrom: 'now-7d',
      timeTo: 'now',
    });
  });

  it('have their condition in the filter bar, with the data view named by a reference', () => {
    const { object } = flows({ where: { 'event.action': 'denied', 'user.name': { exists: true } } });
    const filters = filtersOf(object);
    expect(filters.map(({ query }) => query)).to.deep.equal([
      { match_phrase: { 'event.action': 'denied' } },
      { exists: { field: 'user.name' } },
    ]);
    expect(object.references.slice(0, 2).map(({ id, name }) => [id, name])).to.deep.equal(
      filters.map(({ meta }) => ['events', meta.indexRefName]),
    );
  });

  it('have a list to choose from for each control, with the data view named by a reference', () => {
    const { object } = flows({ controls: [{ field: 'user.name', title: 'User' }] });
    const { panelsJSON } = object.attributes.controlGroupInput as { panelsJSON: string };
    expect(JSON.parse(panelsJSON)).to.deep.equal({
      'user-name': {
        type: 'optionsListControl',
        order: 0,
        grow: true,
        width: 'medium',
        explicitInput: { id: 'user-name', fieldName: 'user.name', title: 'User', enhancements: {} },
      },
    });
    expect(object.references).to.deep.equal([
      { type: 'index-pattern', id: 'events', name: 'controlGroup_user-name:optionsListDataView' },
    ]);
  });

  it('show saved searches by reference', () => {
    const events: EventsPanel = { chart: 'events', id: 'newest', title: 'Newest', at: [0, 0, 48, 10], search: 'all' };
    const { object, panels } = flows({ panels: [events] });
    const [reference] = referencesOf(object, 'newest');
    expect(reference).to.include({ type: 'search', id: 'all' });
    expect(panels[0]).to.include({ type: 'search', panelRefName: reference?.name });
  });

  it('have text as markdown, with links to dashboards that the app understands', () => {
    const text: TextPanel = {
      chart: 'text',
      id: 'note',
      title: 'Note',
      at: [0, 0, 16, 9],
      text: '[user](dashboard:user)',
    };
    const [panel] = flows({ panels: [text] }).panels;
    expect(panel?.embeddableConfig.savedVis?.params.markdown).to.equal('[user](dashboards#/view/user)');
  });
});

describe('drilldowns of Kibana', () => {
  it('lead from the values of a field to the dashboard it is linked to', () => {
    const { object, panels } = flows({ panels: [byUser] });
    const [event, ...more] = panels[0]?.embeddableConfig.enhancements.dynamicActions?.events ?? [];
    expect(more).to.deep.equal([]);
    expect(event?.action).to.include({ factoryId: 'DASHBOARD_TO_DASHBOARD_DRILLDOWN', name: 'Show in User' });
    expect(referencesOf(object, 'chart').filter(({ type }) => type === 'dashboard')).to.deep.equal([
      {
        type: 'dashboard',
        id: 'user',
        name: `drilldown:DASHBOARD_TO_DASHBOARD_DRILLDOWN:${String(event?.eventId)}:dashboardId`,
      },
    ]);
  });

  it('leave the filters of the dashboard behind, and keep the time', () => {
    const [panel] = flows({ panels: [byUser] }).panels;
    const [event] = panel?.embeddableConfig.enhancements.dynamicActions?.events ?? [];
    expect(event?.action.config).to.include({ useCurrentFilters: false, useCurrentDateRange: true });
  });

  for (const [name, panel] of [
    ['from values whose dashboard it is already', chart<BarsPanel>({ chart: 'bars', by: port, measure: count })],
    [
      'from a time series, where a click may mean a time',
      chart<SeriesPanel>({ chart: 'series', style: 'bars', measure: count, split: user }),
    ],
  ] as const) {
    it(`do not lead away ${name}`, () => {
      expect(flows({ panels: [panel] }).panels[0]?.embeddableConfig.enhancements).to.deep.equal({});
    });
  }

  it('lead to each dashboard once, however many fields are linked to it', () => {
    const panel = chart<HeatmapPanel>({ chart: 'heatmap', x: user, y: user, measure: count });
    const events = flows({ panels: [panel] }).panels[0]?.embeddableConfig.enhancements.dynamicActions?.events;
    expect(events).to.have.length(1);
  });
});

describe('saved searches of Kibana', () => {
  it('have the condition as a query that can be changed, newest first', () => {
    const { attributes, references } = pick(built(), 'search', 'all');
    const { searchSourceJSON } = attributes.kibanaSavedObjectMeta as { searchSourceJSON: string };
    const source = JSON.parse(searchSourceJSON) as { query: object; indexRefName: string };
    expect(source.query).to.deep.equal({ query: 'event.action: "denied"', language: 'kuery' });
    expect(references).to.deep.equal([{ type: 'index-pattern', id: 'events', name: source.indexRefName }]);
    expect(attributes).to.deep.include({ columns: ['user.name'], sort: [['@timestamp', 'desc']] });
  });
});

describe('the data view of Kibana', () => {
  const { attributes } = pick(built(), 'index-pattern', 'events');

  it('is there before the first event', () => {
    expect(attributes).to.include({ title: 'logs-*', name: 'Events', timeFieldName: '@timestamp', allowNoIndex: true });
  });

  it('works out computed fields only for documents and indices that have all they are made from', () => {
    const fields = JSON.parse(String(attributes.runtimeFieldMap)) as Record<string, { script: { source: string } }>;
    expect(fields.lag_seconds).to.deep.equal({
      type: 'double',
      script: {
        source:
          "if (doc.containsKey('event.ingested') && doc['event.ingested'].size() > 0 && " +
          "doc.containsKey('@timestamp') && doc['@timestamp'].size() > 0) " +
          "{ emit(doc['event.ingested'].value - doc['@timestamp'].value); }",
      },
    });
  });

  it('links values to the dashboards of their fields', () => {
    const formats = JSON.parse(String(attributes.fieldFormatMap)) as Record<string, { id: string; params: object }>;
    expect(formats['user.name']).to.have.property('id', 'url');
    expect(formats['user.name']).to.have.nested.property('params.urlTemplate').that.includes('dashboards#/view/user?');
  });
});
