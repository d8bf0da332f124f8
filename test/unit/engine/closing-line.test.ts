import { expect } from 'chai';
import { closingLine } from '../../support/reporter.js';

const cut = { suites: 1, tests: 9, passes: 7, pending: 0, failures: 0 };
const ended = { ...cut, end: new Date() };

describe('the closing line', () => {
  it('tells passed and failed', () => {
    expect(closingLine({ ...ended, failures: 2 })).to.equal('7 passed, 2 failed');
  });

  it('is the same when tests were skipped', () => {
    expect(closingLine({ ...ended, pending: 3 })).to.equal('7 passed, 0 failed');
  });

  it('counts a run that did not come to its end as a failure', () => {
    expect(closingLine(cut)).to.equal('7 passed, 1 failed');
  });
});
