import { expect } from 'chai';
import { contentDigest, ownDigest } from '../../../../src/dashboards/kibana/ownership.js';
import type { SavedObject } from '../../../../src/dashboards/saved-object.js';
import { built, pick } from './specs.js';

const objects = built().filter(({ id }) => id !== 'user');

function changed(object: SavedObject, attributes: object): SavedObject {
  return { ...object, attributes: { ...object.attributes, ...attributes } };
}

describe('ownership of saved objects in Kibana', () => {
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

    it(`of a ${object.type} does not show what a server adds by itself`, () => {
      expect(contentDigest(changed(object, { hits: 0, accessControl: {} }))).to.equal(ownDigest(object));
    });
  }

  it('is none of objects without our mark', () => {
    const theirs = objects.map((object) => changed(object, { description: 'Mine.' }));
    expect(theirs.map(ownDigest)).to.deep.equal(objects.map(() => undefined));
    expect(ownDigest({ type: 'index-pattern', attributes: { title: 'x' }, references: [] })).to.equal(undefined);
  });

  it('of a search is the same when a server has made a tab of it', () => {
    const { attributes, ...object } = pick(objects, 'search', 'all');
    const { title, description, ...rest } = attributes;
    const tabs = [{ id: '1', label: 'Untitled', attributes: rest }];
    const other = { ...object, attributes: { title, description, tabs } };
    expect(contentDigest(other)).to.equal(ownDigest(other));
    const columns = [{ ...tabs[0], attributes: { ...rest, columns: [] } }];
    expect(contentDigest({ ...object, attributes: { title, description, tabs: columns } })).not.to.equal(
      ownDigest(other),
    );
  });
});
