import { expect } from 'chai';
import { targetFields } from '../../../src/map/fields.js';
import { loadMappings } from '../../../src/map/list.js';
import { matches, storageOf } from '../../../src/map/storage.js';

describe('map: what the cluster makes of a field', () => {
  const lists = { doc_values: ['a.*', 'b'], index: ['a.b.*'], both: ['a.b.c'] };

  it('is an index and doc values where the lists say nothing', () => {
    expect(storageOf('c', lists)).to.equal('both');
    expect(storageOf('ab', lists)).to.equal('both');
    expect(storageOf('b.c', lists)).to.equal('both');
  });

  it('is what the longest entry says that means it', () => {
    expect(storageOf('b', lists)).to.equal('doc_values');
    expect(storageOf('a.x', lists)).to.equal('doc_values');
    expect(storageOf('a.b.x', lists)).to.equal('index');
    expect(storageOf('a.b.c', lists)).to.equal('both');
  });

  it('is said only of fields that there are, and whose type can do without', () => {
    const { storage } = loadMappings();
    const fields = targetFields();
    for (const pattern of Object.values(storage).flat()) {
      const meant = fields.filter(({ name }) => matches(name, pattern));
      expect(meant, pattern).not.to.be.empty;
    }
    const able = new Set(['keyword', 'constant_keyword', 'ip', 'long', 'boolean', 'date']);
    const exact = Object.values(storage).flat();
    for (const { name, type, storage: own } of fields)
      if (own !== 'both' && exact.includes(name)) expect(able, name).to.include(type);
  });

  it('leaves an index to what rules look back on and analysts begin with', () => {
    const kept = [
      '@timestamp',
      'event.ingested',
      'event.action',
      'user.id',
      'user.name',
      'source.ip',
      'destination.ip',
    ];
    const more = [
      'destination.port',
      'host.name',
      'related.ip',
      'related.user',
      'related.hosts',
      'event.id',
      'rule.id',
    ];
    const found = new Map(targetFields().map((field) => [field.name, field.storage]));
    for (const name of [...kept, ...more, 'cloudconnexa.session.id'])
      expect(found.get(name), name).to.be.oneOf(['both', 'index']);
  });
});
