import { expect } from 'chai';
import { untried } from '../../chaos/lane-run.js';

const often = { planned: 10, injected: 1, survived: 1 };

describe('what a run of faults leaves untried', () => {
  it('is nothing when each kind was injected, and kills are as many as asked for', () => {
    expect(untried(new Map([['process: kill -9', often]]), 1)).to.deep.equal([]);
  });

  it('is a kind that is often in the script and was never injected', () => {
    const faults = new Map([['wire: 429', { planned: 3, injected: 0, survived: 0 }]]);
    expect(untried(faults, 0)).to.deep.equal(['never injected, though 3 times in the script: wire: 429']);
  });

  it('is not a kind that is seldom in the script', () => {
    expect(untried(new Map([['wire: 429', { planned: 2, injected: 0, survived: 0 }]]), 0)).to.deep.equal([]);
  });

  it('is kills that were asked for', () => {
    expect(untried(new Map([['process: kill -9', often]]), 2)).to.deep.equal(['killed 1 times, not 2']);
  });
});
