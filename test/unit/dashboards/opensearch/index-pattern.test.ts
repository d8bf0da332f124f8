import { expect } from 'chai';
import type { PatternField } from '../../../../src/dashboards/opensearch/index-pattern.js';
import type { SavedObject } from '../../../../src/dashboards/saved-object.js';
import { built, json, pick } from './specs.js';

function pattern(view: Parameters<typeof built>[1] = {}, where = {}): SavedObject {
  return pick(built({ where }, view), 'index-pattern');
}

function fieldsOf(object: SavedObject): Map<string, PatternField> {
  return new Map((json(object, 'fields') as PatternField[]).map((field) => [field.name, field]));
}

describe('index pattern of OpenSearch Dashboards', () => {
  it('says whose documents it is about and which field is their time', () => {
    expect(pattern().attributes).to.include({ title: 'logs-*', displayName: 'Events', timeFieldName: '@timestamp' });
  });

  it('has what every document has', () => {
    expect([...fieldsOf(pattern()).keys()].slice(0, 5)).to.deep.equal(['_id', '_index', '_score', '_source', '_type']);
  });

  it('has each field with its type', () => {
    const fields = fieldsOf(pattern());
    const types = ['@timestamp', 'destination.ip', 'destination.port', 'user.name', 'message'];
    expect(types.map((name) => fields.get(name)?.type)).to.deep.equal(['date', 'ip', 'number', 'string', 'string']);
  });

  it('offers text for searching only', () => {
    expect(fieldsOf(pattern()).get('message')).to.include({ searchable: true, aggregatable: false });
    expect(fieldsOf(pattern()).get('user.name')).to.include({ searchable: true, aggregatable: true });
  });

  it('works a computed field out only for documents that have all it is made from', () => {
    expect(fieldsOf(pattern()).get('lag_seconds')).to.include({
      scripted: true,
      lang: 'painless',
      type: 'number',
      script:
        "if (doc['event.ingested'].size() == 0 || doc['@timestamp'].size() == 0) { return null; } " +
        "return doc['event.ingested'].value - doc['@timestamp'].value;",
    });
  });

  it('shows ports without separators, bytes with their unit, durations in seconds', () => {
    const formats = json(pattern(), 'fieldFormatMap');
    expect(formats).to.deep.include({
      'destination.port': { id: 'number', params: { pattern: '0' } },
      'source.bytes': { id: 'bytes', params: {} },
      lag_seconds: { id: 'number', params: { pattern: '0,0.[0]' } },
    });
    expect(formats).to.have.nested.include({ 'event\\.duration.params.inputFormat': 'nanoseconds' });
  });

  it("links a value to the dashboard, with a filter on it beside the dashboard's own", () => {
    const links = [{ field: 'user.name', to: 'flows' }];
    const formats = json(pattern({ view: { links } }, { 'event.action': "it's" }), 'fieldFormatMap') as Record<
      string,
      { id: string; params: { urlTemplate: string; labelTemplate: string } }
    >;
    expect(formats['user.name']).to.deep.include({ id: 'url' });
    expect(formats['user.name']?.params.labelTemplate).to.equal('{{value}}');
    const [address, state] = formats['user.name']?.params.urlTemplate.split('?_a=') ?? [];
    expect(address).to.equal('../app/dashboards#/view/flows');
    expect(state).to.contain("('match_phrase':('event.action':'it!'s'))");
    expect(state).to.contain("('match_phrase':('user.name':'{{value}}'))");
    expect(state?.match(/'index':'events'/g)).to.have.length(2);
  });
});
