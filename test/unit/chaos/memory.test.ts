import { expect } from 'chai';
import { memoryComplaints, PEAK_MIB, type MemorySeries } from '../../chaos/memory.js';

/** So many samples, the last one so high; the beginning of the process is low. */
function series(fromMiB: number, toMiB: number, peakMiB = toMiB): MemorySeries {
  const samples = Array.from({ length: 200 }, (_, i) => (i < 10 ? 50 : fromMiB + ((toMiB - fromMiB) * i) / 199));
  return { samples, peakMiB };
}

describe('the memory of a run', () => {
  it('is flat when its last third is like its first, whatever its beginning was', () => {
    expect(memoryComplaints(series(130, 135), 'flat')).to.deep.equal([]);
  });

  it('is not flat when it grows by more than the heap does of itself', () => {
    expect(memoryComplaints(series(100, 150), 'flat')).to.have.length(1);
  });

  it('may grow with the load where that is not steady', () => {
    expect(memoryComplaints(series(100, 150), 'bounded')).to.deep.equal([]);
  });

  for (const rule of ['flat', 'bounded'] as const)
    it(`has a bound between two samples, too, where it must be ${rule}`, () => {
      expect(memoryComplaints(series(130, 130, PEAK_MIB), rule)).to.deep.equal([]);
      expect(memoryComplaints(series(130, 130, PEAK_MIB + 1), rule)).to.have.length(1);
    });
});
