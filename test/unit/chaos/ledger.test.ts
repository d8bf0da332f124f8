import { expect } from 'chai';
import { complaints, Ledger, type Account, type SetAside } from '../../chaos/ledger.js';
import type { StoredDocument } from '../../chaos/store.js';

const NOW = Date.parse('2026-02-03T04:05:06Z');
const stream = 'logs-cloudconnexa.flow-x';
const source = { event: { kind: 'event' } };
const document = (id: string, backing = 'one', of = stream): StoredDocument => ({ stream: of, backing, id, source });
const refused: SetAside = { id: 'refused', status: 400, reason: 'no number' };
const junk: SetAside = { text: 'no event', reason: 'invalid_json' };
const all = [document('a'), document('b'), document('refused', 'two')];

/** Two events that the engine takes, one that it refuses at first, and a line that is none. */
function audit(documents: readonly StoredDocument[], setAside: readonly SetAside[], timeMs = NOW): Promise<Account> {
  const ledger = new Ledger(() => NOW);
  for (const id of ['a', 'b', 'refused'])
    ledger.give({
      ...{ id, text: `{"${id}":1}`, index: stream, source: JSON.stringify(source), timeMs, refused: id === 'refused' },
    });
  ledger.giveJunk('no event');
  return ledger.audit(documents, setAside);
}

describe('the ledger', () => {
  it('has nothing to complain of when every event is stored once and what was refused is set aside and replayed', async () => {
    const account = await audit(all, [refused, junk]);
    expect(complaints(account)).to.deep.equal([]);
    expect(account).to.include({ given: 3, stored: 3, refused: 1, junk: 1, junkSetAside: 1, oddities: 0 });
  });

  const cases: readonly [what: string, documents: StoredDocument[], setAside: SetAside[], complaint: string][] = [
    ['an event that is missing', all.slice(1), [refused, junk], '1 missing'],
    ['an event in two backing indices', [...all, document('a', 'two')], [refused, junk], '1 stored twice'],
    ['a document that nobody gave', [...all, document('c')], [refused, junk], '1 that nobody gave'],
    ['an event in a wrong stream', [document('a', 'one', 'other'), ...all], [refused, junk], '1 that nobody gave'],
    [
      'an event that is set aside without need',
      all,
      [refused, junk, { id: 'b', status: 503, reason: 'busy' }],
      '1 set aside without need',
    ],
    ['a refused event that is nowhere', all.slice(0, 2), [junk], '1 missing'],
    ['a refused event that was not set aside', all, [junk], '1 not set aside as refused'],
    ['a refused event that was not replayed', all.slice(0, 2), [refused, junk], '1 not replayed'],
    [
      'an event with another content',
      [{ ...document('a'), source: { event: {}, more: 1 } }, ...all.slice(1)],
      [refused, junk],
      '1 stored with another content',
    ],
    [
      'what nobody gave among what is set aside',
      all,
      [refused, junk, { text: '?', reason: 'x' }],
      '1 set aside that nobody gave',
    ],
    ['junk that is nowhere', all, [refused], '1 pieces of junk not set aside'],
  ];
  for (const [what, documents, setAside, complaint] of cases) {
    it(`notices ${what}`, async () => {
      expect(complaints(await audit(documents, setAside))).to.include(complaint);
    });
  }

  it('notices that most events are too old to be taken for new', async () => {
    const account = await audit(all, [refused, junk], NOW - 2 * 60 * 60 * 1000);
    expect(complaints(account)).to.deep.equal(['only 0 of 3 events were young']);
  });
});
