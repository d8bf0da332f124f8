import { expect } from 'chai';
import { duration, totalBytes } from '../../../../src/map/rules/session.js';
import { severity } from '../../../../src/map/rules/severity.js';

describe('map: rules for sessions and threats', () => {
  const start = '2024-05-24T08:53:11.000000Z';

  it("takes the vendor's seconds for the duration, whatever the times say", () => {
    expect(duration(5, start, '2024-05-24T09:00:00Z').duration).to.equal(5_000_000_000);
    expect(duration(0, undefined, undefined).duration).to.equal(0);
  });

  it('takes the time between start and end without them, across time zones', () => {
    expect(duration(undefined, start, '2024-05-24T10:53:12.500+02:00').duration).to.equal(1_500_000_000);
  });

  it('has no duration when an end is missing, lies before the start or so far away that nanoseconds exceed a long', () => {
    expect(duration(undefined, start, undefined).duration).to.equal(undefined);
    expect(duration(undefined, undefined, start).duration).to.equal(undefined);
    expect(duration(undefined, start, '2024-05-24T08:53:10Z').duration).to.equal(undefined);
    expect(duration(undefined, '0001-01-01T00:00:00Z', start).duration).to.equal(undefined);
  });

  it('adds bytes only when both directions are known', () => {
    expect(totalBytes(1, 2).bytes).to.equal(3);
    expect(totalBytes(0, 0).bytes).to.equal(0);
    expect(totalBytes(1, undefined).bytes).to.equal(undefined);
  });

  it('turns priority 1, the highest, into the highest severity', () => {
    expect([1, 2, 3, 0, 4, undefined].map((priority) => severity(priority).severity)).to.deep.equal([
      ...[99, 73, 47],
      ...[undefined, undefined, undefined],
    ]);
  });
});
