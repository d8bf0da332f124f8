import { expect } from 'chai';
import { formatLast, formatSecond, formatShare, formatTime } from '../../../src/preview/page/format.js';

describe('numbers and times in the preview', () => {
  it('call a period by its length', () => {
    expect(['1h', '24h', '7d'].map(formatLast)).to.deep.equal(['Last hour', 'Last 24 hours', 'Last 7 days']);
  });

  it('leave alone what is no time', () => {
    expect([formatTime('no time'), formatSecond('')]).to.deep.equal(['no time', '']);
  });

  it('know no share of nothing', () => {
    expect(formatShare(0, 0)).to.match(/^0\s?%$/);
  });
});
