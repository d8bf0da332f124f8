import type { Family } from '../fault.js';

/** What happens to the files that are read. The amount is a number of events. */
export const files: Family = {
  name: 'files',
  everyMs: 1_800,
  brings: true,
  kinds: {
    'renamed, and a new one in its place': {
      amount: [1, 60],
      proof: 'growing',
      inflict: ({ feeder }, count) => feeder.rotate(count),
    },
    'copied and cut (copytruncate)': { proof: 'growing', inflict: ({ feeder }) => feeder.copyAndCut() },
    'cut when it was finished': { proof: 'growing', inflict: ({ feeder }) => feeder.cutWhenFinished() },
    'gzip file that grows while it is looked at': {
      amount: [50, 200],
      proof: 'file',
      inflict: ({ feeder }, count) => feeder.slowGzip(count),
    },
    'gzip file moved in': {
      amount: [50, 200],
      proof: 'file',
      inflict: ({ feeder }, count) => feeder.movedGzip(count),
    },
    'array, concatenated, BOM, members': {
      amount: [20, 100],
      proof: 'file',
      inflict: ({ feeder }, count) => feeder.otherForm(count),
    },
  },
};
