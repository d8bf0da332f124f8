import { expect } from 'chai';
import { bounds, parseState, withVerdict, writeState, type State } from '../../../src/preview/page/state.js';

const first = 'overview';

describe("the state in the preview's address", () => {
  const states: readonly State[] = [
    { view: { kind: 'dashboard', id: 'denied' }, filters: {} },
    { view: { kind: 'rules' }, period: { last: '7d' }, filters: {} },
    { view: { kind: 'search', id: 'flows' }, verdict: 'denied', filters: { 'user.name': 'a:b&c=d#é' } },
    {
      view: { kind: 'dashboard', id: 'user' },
      period: { from: '2026-02-02T00:00:00.000Z', to: '2026-02-03T00:00:00.000Z' },
      filters: { 'destination.ip': '2001:db8::1', 'destination.port': '22' },
    },
  ];
  for (const state of states) {
    it(`is read as it was written: ${writeState(state)}`, () => {
      expect(parseState(writeState(state), first)).to.deep.equal(state);
    });
  }

  it('is the first dashboard where nothing is said', () => {
    expect(parseState('', first)).to.deep.equal({ view: { kind: 'dashboard', id: first }, filters: {} });
  });

  for (const query of [
    '?last=ever',
    '?from=x&to=y',
    '?from=2026-02-03&to=2026-02-02',
    '?verdict=x',
    '?filter=:x',
    '?filter=x:',
  ]) {
    it(`leaves out what makes no sense: ${query}`, () => {
      expect(parseState(query, first)).to.deep.equal({ view: { kind: 'dashboard', id: first }, filters: {} });
    });
  }

  it('looks back from now', () => {
    const now = new Date('2026-02-03T00:00:00Z');
    expect(bounds({ last: '24h' }, now)).to.deep.equal({ from: new Date('2026-02-02T00:00:00Z'), to: now });
  });

  it('has no verdict after it was taken away', () => {
    const state: State = { view: { kind: 'rules' }, verdict: 'denied', filters: { a: 'b' } };
    expect(withVerdict(state, undefined)).to.deep.equal({ view: { kind: 'rules' }, filters: { a: 'b' } });
  });
});
