import { expect } from 'chai';
import { demandsOn, unproven, type Tally } from '../../chaos/proof.js';

const often: Tally = { planned: 10, injected: 10, survived: 10 };
const found = (faults: Record<string, Tally>, kills = 0): string[] =>
  unproven(new Map(Object.entries(faults)), demandsOn(kills, true));

describe('what a run of faults leaves unproven', () => {
  it('is nothing when each kind was injected and survived, and kills are as many as asked for', () => {
    expect(found({ 'process: kill -9': often, 'wire: 429': often }, 10)).to.deep.equal([]);
  });

  it('is a kind that is often in the script and was never injected', () => {
    const faults = { 'wire: 429': { planned: 3, injected: 0, survived: 0 }, 'wire: 503': often, 'wire: 502': often };
    expect(found(faults)).to.deep.equal(['never injected, though 3 times in the script: wire: 429']);
  });

  it('is not a kind that is seldom in the script', () => {
    const faults = { 'wire: 429': { planned: 1, injected: 0, survived: 0 }, 'wire: 503': often };
    expect(found(faults)).to.deep.equal([]);
  });

  it('is a family of which less than four fifths met something', () => {
    const faults = { 'wire: 429': { planned: 1, injected: 0, survived: 0 }, 'wire: 503': { ...often, planned: 13 } };
    expect(found(faults)).to.deep.equal(['injected 10 of 14 faults of the family wire']);
  });

  it('is in a short run a family of which less than half met something', () => {
    const short = demandsOn(0, false);
    expect(unproven(new Map([['wire: 429', { ...often, planned: 20 }]]), short)).to.deep.equal([]);
    expect(unproven(new Map([['wire: 429', { ...often, planned: 22 }]]), short)).to.have.length(1);
  });

  it('is not a family of which more are planned than are asked for', () => {
    expect(found({ 'process: kill -9': { ...often, planned: 20 } }, 10)).to.deep.equal([]);
  });

  it('is a fault whose event is not stored', () => {
    expect(found({ 'wire: 429': { ...often, survived: 9 } })).to.deep.equal(['survived 9 of 10 times: wire: 429']);
  });

  it('is kills that were asked for', () => {
    expect(found({ 'process: kill -9': often }, 11)).to.deep.equal(['killed 10 times, not 11']);
  });
});
