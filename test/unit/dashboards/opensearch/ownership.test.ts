import { expect } from 'chai';
import { contentDigest, ownDigest } from '../../../../src/dashboards/opensearch/ownership.js';
import type { SavedObject } from '../../../../src/dashboards/saved-object.js';
import { built, json, pick } from './specs.js';

const search = { id: 'all', title: 'All', description: 'All flows.', where: {}, columns: ['user.name'] };
const panel = {
  id: 'count',
  chart: 'metric',
  title: 'N',
  at: [0, 0, 8, 8],
  where: {},
  measure: { of: 'count', title: 'N' },
} as const;
const objects = built({ panels: [panel] }, { searches: [search] });

function changed(object: SavedObject, attributes: object): SavedObject {
  return { ...object, attributes: { ...object.attributes, ...attributes } };
}

describe('ownership of saved objects in OpenSearch Dashboards', () => {
  for (const object of objects) {
    it(`of a ${object.type} says what its content is`, () => {
      expect(ownDigest(object))
        .to.match(/^[0-9a-f]{12}$/)
        .and.equal(contentDigest(object));
    });

    it(`of a ${object.type} shows that somebody has changed it`, () => {
      const other = changed(object, { title: 'Mine' });
      expect(ownDigest(other)).to.equal(ownDigest(object));
      expect(contentDigest(other)).not.to.equal(ownDigest(other));
    });
  }

  it('is none of objects without our mark', () => {
    const theirs = objects.map((object) => changed(object, { description: 'Mine.', uiStateJSON: '{}' }));
    expect(theirs.map(ownDigest)).to.deep.equal(objects.map(() => undefined));
    expect(ownDigest({ type: 'dashboard', attributes: { title: 'x' }, references: [] })).to.equal(undefined);
  });

  it('is none of objects with broken contents', () => {
    const broken = objects.map((object) => ({
      ...object,
      attributes: { uiStateJSON: '{', fields: '[null', description: 7 },
    }));
    expect(broken.map(ownDigest)).to.deep.equal(objects.map(() => undefined));
    expect(broken.map(contentDigest)).to.have.length(objects.length);
  });

  it('does not show in the panels of a dashboard', () => {
    expect(pick(objects, 'visualization').attributes.description).to.equal('');
  });

  it('is the same whatever the order of keys', () => {
    const object = pick(objects, 'search');
    const turned = Object.fromEntries(Object.entries(object.attributes).reverse());
    expect(contentDigest({ ...object, attributes: turned })).to.equal(contentDigest(object));
  });

  it('of an index pattern does not change with the use of its fields', () => {
    const object = pick(objects, 'index-pattern');
    const fields = (json(object, 'fields') as object[]).map((field) => ({ ...field, count: 3 }));
    const formats = Object.entries(json(object, 'fieldFormatMap') as Record<string, { params: object }>);
    const parsedUrl = { origin: 'http://127.0.0.1', pathname: '/app/discover', basePath: '' };
    const used = formats.map(([field, format]) => [field, { ...format, params: { parsedUrl, ...format.params } }]);
    const written = { fields: JSON.stringify(fields), fieldFormatMap: JSON.stringify(Object.fromEntries(used)) };
    expect(contentDigest(changed(object, written))).to.equal(ownDigest(object));
  });

  it('of an index pattern shows a field or format that somebody has taken away', () => {
    const object = pick(objects, 'index-pattern');
    const fields = JSON.stringify((json(object, 'fields') as object[]).slice(1));
    const others = [changed(object, { fields }), changed(object, { fieldFormatMap: '{}' })];
    for (const other of others) expect(contentDigest(other)).not.to.equal(ownDigest(other));
  });
});
