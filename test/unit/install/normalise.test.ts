import { expect } from 'chai';
import { diff } from '../../../src/install/diff.js';
import { mappings } from '../../../src/install/mappings.js';
import { ownVersion } from '../../../src/install/ownership.js';
import { ConnectorError } from '../../../src/errors.js';
import type { TargetField } from '../../../src/map/fields.js';
import type { Capability } from '../../../src/target/capability.js';

describe('differences between stored and wanted', () => {
  it('takes the spellings of a setting for the same', () => {
    const stored = { template: { settings: { index: { mapping: { ignore_malformed: 'true' } } } } };
    const wanted = { template: { settings: { 'index.mapping.ignore_malformed': true } } };
    expect(diff('component_template', stored, wanted)).to.deep.equal([]);
  });

  it('takes no notice of the order of keys', () => {
    expect(diff('ingest_pipeline', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).to.deep.equal([]);
  });

  it('sees what is added, removed and changed, each by its path', () => {
    const stored = { processors: [{ set: { field: 'a', value: 'x' } }], gone: true };
    const wanted = { processors: [{ set: { field: 'b', value: 'x' } }, { drop: {} }] };
    expect(diff('ingest_pipeline', stored, wanted)).to.deep.equal([
      { path: 'gone', stored: 'true' },
      { path: 'processors[0].set.field', stored: '"a"', wanted: '"b"' },
      { path: 'processors[1].drop', wanted: '{}' },
    ]);
  });

  it('sees a default that somebody has changed', () => {
    const stored = { data_stream: { hidden: true } };
    expect(diff('index_template', stored, { data_stream: {} })).to.deep.include({
      path: 'data_stream.hidden',
      stored: 'true',
    });
  });

  it('knows ours by _meta and by the mark in a description, and nobody else', () => {
    expect(ownVersion({ _meta: { managed_by: 'cloudconnexa-ecs', version: 4 } })).to.equal(4);
    expect(ownVersion({ policy: { description: 'x [managed_by: cloudconnexa-ecs, version: 12]' } })).to.equal(12);
    expect(ownVersion({ _meta: { managed_by: 'somebody' }, description: 'cloudconnexa-ecs' })).to.equal(undefined);
  });
});

describe('mappings for what a cluster has', () => {
  const field = (name: string, type: TargetField['type']): TargetField => ({
    name,
    type,
    description: '',
    home: 'own',
    array: false,
    storage: 'both',
  });

  function typeOf(type: TargetField['type'], ...has: Capability[]): object | undefined {
    return mappings([field('f', type)], new Set(has)).properties?.['f'];
  }

  it('replaces match_only_text by text', () => {
    expect(typeOf('match_only_text', 'match_only_text')).to.deep.equal({ type: 'match_only_text' });
    expect(typeOf('match_only_text')).to.deep.equal({ type: 'text' });
  });

  it('replaces flattened by flat_object, and that by an object that is not indexed', () => {
    expect(typeOf('flattened', 'flattened')).to.include({ type: 'flattened' });
    expect(typeOf('flattened', 'flat_object')).to.deep.equal({ type: 'flat_object' });
    expect(typeOf('flattened')).to.deep.equal({ type: 'object', enabled: false });
  });

  it('gives a constant keyword its value only for the type of the data stream', () => {
    const fields = [field('data_stream.type', 'constant_keyword'), field('data_stream.dataset', 'constant_keyword')];
    const built = mappings(fields, new Set(['constant_keyword'])).properties?.['data_stream'];
    expect(built).to.deep.equal({
      properties: {
        type: { type: 'constant_keyword', value: 'logs' },
        dataset: { type: 'keyword', ignore_above: 1024 },
      },
    });
  });

  it('makes fields of what is listed only under cloudconnexa', () => {
    const built = mappings([field('cloudconnexa.a.b', 'long')], new Set()).properties?.['cloudconnexa'];
    expect(built).to.deep.equal({
      type: 'object',
      dynamic: false,
      properties: { a: { properties: { b: { type: 'long' } } } },
    });
  });

  for (const names of [
    ['a', 'a.b'],
    ['a.b', 'a'],
  ]) {
    it(`refuses a list that has ${names.join(' and ')} as values`, () => {
      const fields = names.map((name) => field(name, 'long'));
      expect(() => mappings(fields, new Set())).to.throw(ConnectorError, 'as a value and as an object');
    });
  }
});
