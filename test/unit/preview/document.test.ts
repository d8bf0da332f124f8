import { expect } from 'chai';
import { flatten, valuesAt } from '../../../src/preview/page/document.js';

describe("a document's fields in the preview", () => {
  const document = { 'user.name': 'ann', event: { type: ['connection', 'denied'], 'x.y': 1 }, none: null };

  it('are named by their dotted names', () => {
    expect(flatten(document)).to.deep.equal([
      ['event.type', ['connection', 'denied']],
      ['event.x.y', ['1']],
      ['none', []],
      ['user.name', ['ann']],
    ]);
  });

  it('are found whether their names are dotted or nested', () => {
    const found = ['user.name', 'event.type', 'event.x.y', 'event', 'user', '__proto__.x'].map((field) =>
      valuesAt(document, field),
    );
    expect(found.map((values) => values.length)).to.deep.equal([1, 2, 1, 1, 0, 0]);
  });
});
