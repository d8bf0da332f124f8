import { expect } from 'chai';
import { unmappedObject } from '../../../src/map/unmapped.js';

const unmapped = (value: Parameters<typeof unmappedObject>[0]) =>
  JSON.parse(JSON.stringify(unmappedObject(value, Object.keys(value)))) as unknown;

describe('unmapped vendor fields', () => {
  it('keep under odd_keys, as JSON text, what has a key that the engines refuse', () => {
    expect(unmapped({ plain: 1, '': 2, 'a..b': 3 })).to.deep.equal({ plain: 1, odd_keys: '{"":2,"a..b":3}' });
  });

  it('have no half of a character where a long text is cut', () => {
    const text = `x${'😀'.repeat(9000)}`;
    const { long } = unmapped({ long: text }) as { long: string[] };
    expect(long.join('')).to.equal(text);
    expect(long.every((piece) => piece.isWellFormed() && piece.length <= 8000)).to.equal(true);
  });

  it('lose no key of the vendor that is called odd_keys itself', () => {
    expect(unmapped({ odd_keys: 'kept', '': 2 })).to.deep.equal({ odd_keys: '{"odd_keys":"kept","":2}' });
    expect(unmapped({ odd_keys: 'kept', plain: 1 })).to.deep.equal({ odd_keys: 'kept', plain: 1 });
  });
});
