import { expect } from 'chai';
import type { TextPanel } from '../../../../src/dashboards/spec.js';
import { built, chart, json, pick } from './specs.js';

const note: TextPanel = {
  id: 'note',
  chart: 'text',
  title: 'Note',
  at: [0, 2, 16, 9],
  text: 'See [flows](dashboard:flows).',
};

describe('saved objects of OpenSearch Dashboards', () => {
  it('are the index pattern, the searches, and the parts of a dashboard before itself', () => {
    const search = { id: 'all', title: 'All', description: '', where: {}, columns: ['user.name'] };
    const ids = built(
      { panels: [note], controls: [{ field: 'user.name', title: 'User' }] },
      { searches: [search] },
    ).map(({ type, id }) => `${type}:${id}`);
    expect(ids).to.deep.equal([
      'index-pattern:events',
      'search:all',
      'visualization:flows-controls',
      'visualization:flows-note',
      'dashboard:flows',
    ]);
  });

  it('have text as markdown, with links to dashboards that the app understands', () => {
    const state = json(pick(built({ panels: [note] }), 'visualization'), 'visState');
    expect(state).to.have.property('type', 'markdown');
    expect(state).to.have.nested.property('params.markdown', 'See [flows](dashboards#/view/flows).');
  });

  it('say in the list of visualizations to which dashboard a panel belongs, and in the dashboard only its title', () => {
    const objects = built({ panels: [note] });
    expect(pick(objects, 'visualization').attributes.title).to.equal('Note [Flows]');
    expect(json(pick(objects, 'dashboard'), 'panelsJSON')).to.have.nested.property('[0].title', 'Note');
  });

  it('put the controls above all panels', () => {
    const at = (panels: unknown): unknown =>
      (panels as { gridData: { x: number; y: number; w: number; h: number; i: string } }[]).map(
        ({ gridData }) => gridData,
      );
    const controls = [{ field: 'user.name', title: 'User' }];
    expect(at(json(pick(built({ panels: [note], controls }), 'dashboard'), 'panelsJSON'))).to.deep.equal([
      { x: 0, y: 0, w: 48, h: 4, i: 'controls' },
      { x: 0, y: 6, w: 16, h: 9, i: 'note' },
    ]);
    expect(at(json(pick(built({ panels: [note] }), 'dashboard'), 'panelsJSON'))).to.deep.equal([
      { x: 0, y: 2, w: 16, h: 9, i: 'note' },
    ]);
  });

  it('have a list to choose from for each control', () => {
    const controls = [
      { field: 'user.name', title: 'User' },
      { field: 'event.action', title: 'Verdict' },
    ];
    const object = pick(built({ controls }), 'visualization', 'flows-controls');
    const { params } = json(object, 'visState') as { params: { controls: Record<string, unknown>[] } };
    expect(params.controls.map(({ type, label, fieldName }) => [type, label, fieldName])).to.deep.equal([
      ['list', 'User', 'user.name'],
      ['list', 'Verdict', 'event.action'],
    ]);
    expect(object.references.map(({ name }) => name)).to.deep.equal(
      params.controls.map(({ indexPatternRefName }) => indexPatternRefName),
    );
  });

  it('open a dashboard at its own time', () => {
    expect(pick(built({ last: '7d' }), 'dashboard').attributes).to.include({
      timeRestore: true,
      timeFrom: 'now-7d',
      timeTo: 'now',
    });
  });

  it('show the condition of a dashboard as filters that can be changed', () => {
    const where = {
      'event.action': 'flow_denied',
      'destination.port': { not: [80, 443] },
      'user.name': { exists: false },
      'destination.ip': { cidr: ['10.0.0.0/8'] },
      'source.bytes': { gte: 10, lt: 20 },
    };
    const { filter } = json(pick(built({ where }), 'dashboard'), 'kibanaSavedObjectMeta', 'searchSourceJSON') as {
      filter: (Record<string, unknown> & { meta: { key: string; type: string; negate: boolean } })[];
    };
    expect(filter.map(({ meta: { key, type, negate } }) => `${negate ? 'not ' : ''}${key}: ${type}`)).to.deep.equal([
      'event.action: phrase',
      'not destination.port: phrases',
      'not user.name: exists',
      'destination.ip: phrase',
      'source.bytes: range',
    ]);
    expect(filter.map(({ query, exists, range }) => query ?? exists ?? range)).to.deep.equal([
      { match_phrase: { 'event.action': 'flow_denied' } },
      {
        bool: {
          should: [{ match_phrase: { 'destination.port': 80 } }, { match_phrase: { 'destination.port': 443 } }],
          minimum_should_match: 1,
        },
      },
      { field: 'user.name' },
      { match_phrase: { 'destination.ip': '10.0.0.0/8' } },
      { 'source.bytes': { gte: 10, lt: 20 } },
    ]);
  });

  it('ask a panel for the documents of its condition', () => {
    const { object } = chart({
      chart: 'metric',
      where: { 'event.action': ['a', 'b'] },
      measure: { of: 'count', title: 'N' },
    });
    expect(json(object, 'kibanaSavedObjectMeta', 'searchSourceJSON')).to.deep.equal({
      query: { query: 'event.action: ("a" or "b")', language: 'kuery' },
      filter: [],
      indexRefName: 'kibanaSavedObjectMeta.searchSourceJSON.index',
    });
  });

  it('have searches with their condition, columns and the newest event first', () => {
    const search = {
      id: 'denied',
      title: 'Denied',
      description: 'All.',
      where: { 'event.action': 'flow_denied' },
      columns: ['user.name', 'destination.ip'],
    };
    const panel = { id: 'events', chart: 'events', title: 'Events', at: [0, 0, 48, 10], search: 'denied' } as const;
    const objects = built({ panels: [panel] }, { searches: [search] });
    const object = pick(objects, 'search');
    expect(object.attributes).to.deep.include({
      title: 'Denied',
      columns: ['user.name', 'destination.ip'],
      sort: [['@timestamp', 'desc']],
    });
    expect(json(object, 'kibanaSavedObjectMeta', 'searchSourceJSON')).to.have.nested.property(
      'query.query',
      'event.action: "flow_denied"',
    );
    expect(pick(objects, 'dashboard').references).to.deep.include({ name: 'panel_0', type: 'search', id: 'denied' });
  });
});
