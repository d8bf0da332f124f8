import { expect } from 'chai';
import { loadRules } from '../../../src/rules/load.js';
import { documentsOf, trialsOf } from '../../support/evidence.js';

const now = new Date('2026-02-03T04:05:06Z');
const trials = loadRules().flatMap(trialsOf);

describe('the evidence of the alert rules', () => {
  it('is mapped without anything that does not fit or is not known', () => {
    const odd = trials.flatMap((trial) =>
      documentsOf(trial, now, 'default').filter(({ document }) =>
        /"pipeline_error"|"unmapped"/.test(JSON.stringify(document)),
      ),
    );
    expect(odd).to.deep.equal([]);
  });

  it('is of one organization a case, each of another', () => {
    const organizations = trials.map((trial) => {
      const own = documentsOf(trial, now, 'default').map(({ document }) => JSON.stringify(document['organization']));
      return [...new Set(own)].join();
    });
    expect(new Set(organizations).size).to.equal(trials.length);
  });

  it('arrives before the run', () => {
    const late = trials.filter((trial) =>
      documentsOf(trial, now, 'default').some(({ document }) => {
        const { ingested } = document['event'] as { ingested: string };
        return ingested > now.toISOString();
      }),
    );
    expect(late.map(({ title }) => title)).to.deep.equal([]);
  });
});
