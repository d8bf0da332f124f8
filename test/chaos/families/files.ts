import type { Family } from '../fault.js';

/** What happens to the files that are read. The amount is a number of events. */
export const files: Family = {
  name: 'files',
  everyMs: 2_500,
  // Some wait until a file is read to its end.
  overlapping: true,
  kinds: {
    'renamed, and a new one in its place': {
      amount: [1, 30],
      inflict: async ({ feeder: { live } }, late) => (await live.rotate(late)).lastId,
    },
    'renamed, compressed, and the plain one deleted': {
      amount: [1, 30],
      inflict: ({ feeder: { live } }, late) => live.rotateAndPack(late),
    },
    'renamed, and deleted when it was finished': {
      amount: [1, 30],
      inflict: ({ feeder: { live } }, late) => live.rotateAndDelete(late),
    },
    'copied and cut (copytruncate)': { inflict: ({ feeder: { live } }) => live.copyAndCut() },
    'cut when it was finished, and written anew': {
      amount: [10, 50],
      inflict: ({ feeder }, count) => feeder.files.cutWhenFinished(count),
    },
    'gzip file that grows while it is looked at': {
      amount: [25, 100],
      inflict: ({ feeder }, count) => feeder.files.slowGzip(count),
    },
    'gzip file moved in': {
      amount: [25, 100],
      inflict: ({ feeder }, count) => feeder.files.movedGzip(count),
    },
    'array, concatenated, BOM, members': {
      amount: [10, 50],
      inflict: ({ feeder }, count) => feeder.files.otherForm(count),
    },
  },
};
