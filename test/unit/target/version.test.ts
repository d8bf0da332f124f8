import { expect } from 'chai';
import { inRange } from '../../../src/target/version.js';

describe('version ranges', () => {
  for (const [version, range, expected] of [
    ['8.0.0', '>=8 <10', true],
    ['9.5.3', '>=8 <10', true],
    ['10.0.0', '>=8 <10', false],
    ['10.0.0-SNAPSHOT', '>=8 <10', false],
    ['7.17.9', '>=8 <10', false],
    ['8.2.9', '>=8.3 <8.10', false],
    ['8.9.0', '>=8.3 <8.10', true],
  ] as const) {
    it(`${version} is ${expected ? '' : 'not '}in ${range}`, () => {
      expect(inRange(version, range)).to.equal(expected);
    });
  }
});
