import { expect } from 'chai';
import { policyOf, retryAfterMs, waitMs } from '../../src/retry.js';

const policy = policyOf({ initial_ms: 500, max_s: 60, auth_wait_s: 30 });
const date = 'Wed, 01 Jan 2025 00:00:00 GMT';
const wait = (tries: number, random: number, retryAfter?: string): number =>
  waitMs(policy, { tries, retryAfterMs: retryAfterMs(retryAfter, date), random: () => random });

describe('the wait before a retry', () => {
  it('has an upper bound that doubles with each try', () => {
    expect([1, 2, 3, 4].map((tries) => wait(tries, 0.5))).to.deep.equal([250, 500, 1000, 2000]);
  });
  it('is anything between nothing and that bound', () => {
    expect([wait(3, 0), wait(3, 0.25)]).to.deep.equal([0, 500]);
  });
  it('never exceeds the maximum, however often it was tried', () => {
    expect([wait(20, 0.5), wait(100_000, 0.5)]).to.deep.equal([30_000, 30_000]);
  });
  it('is at least what Retry-After asks for, with the jitter on top', () => {
    expect([wait(1, 0, '7'), wait(1, 0.5, '7')]).to.deep.equal([7000, 7250]);
  });
  it('does not take a Retry-After of days at its word', () => {
    expect(wait(1, 0, '999999999')).to.equal(3_600_000);
  });
  it('goes on without end by default', () => {
    expect(policy.maxTries).to.equal(Infinity);
  });
});

describe('Retry-After', () => {
  const cases: [string | undefined, number | undefined][] = [
    [undefined, undefined],
    ['0', 0],
    [' 120 ', 120_000],
    ['Wed, 01 Jan 2025 00:00:10 GMT', 10_000],
    ['Wednesday, 01-Jan-25 00:00:10 GMT', 10_000],
    ['Tue, 31 Dec 2024 23:59:00 GMT', 0],
    ['', undefined],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['Wed, 99 Foo 2025', undefined],
  ];
  for (const [header, expected] of cases) {
    it(`${String(header)} means ${expected === undefined ? 'nothing' : `${expected} ms`}`, () => {
      expect(retryAfterMs(header, date)).to.equal(expected);
    });
  }

  it('is no date without the time by the clock of the server that gave it: ours may be years off', () => {
    expect(retryAfterMs('Wed, 01 Jan 2025 00:00:10 GMT', undefined)).to.equal(undefined);
    expect(retryAfterMs('10', undefined)).to.equal(10_000);
  });
});
