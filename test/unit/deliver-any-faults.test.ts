import { expect } from 'chai';
import fc from 'fast-check';
import type { Fault } from '../support/bulk-server.js';
import { batchOf, startStage } from '../support/sending.js';

const status = fc.constantFrom(201, 201, 201, 400, 401, 403, 404, 409, 429, 500, 503);
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constant({ kind: 'none' } as const),
  fc.record({ kind: fc.constant('items' as const), statuses: fc.array(status, { minLength: 1, maxLength: 7 }) }),
  fc.record({
    kind: fc.constant('status' as const),
    status: fc.constantFrom(400, 401, 403, 404, 413, 429, 500, 502, 503),
  }),
  fc.record({ kind: fc.constant('reset' as const), stored: fc.boolean() }),
  fc.record({
    kind: fc.constant('answer' as const),
    as: fc.constantFrom('garbage', 'html', 'truncated', 'cut', 'fewer', 'strange'),
  }),
);
// A 409 for an id that the server does not have would be the server's lie, and would not be any fault of ours.
const honest = (faults: Fault[]): Fault[] =>
  faults.map((one) =>
    one.kind === 'items' ? { ...one, statuses: one.statuses.map((s) => (s === 409 ? 201 : s)) } : one,
  );

describe('delivering through any faults', function () {
  this.timeout(60_000);

  it('stores or rejects every event once, and counts as the server does', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 12 }), sizes, fc.boolean(), async (faults, counts, gzip) => {
        const stage = await startStage({ script: honest(faults), gzip });
        try {
          const batches = counts.map((count, b) => Array.from({ length: count }, (_, i) => `${b}-${i}`));
          const results = await Promise.all(batches.map((ids) => stage.deliver(batchOf(ids))));
          const all = batches.flat();
          const rejected = results.flatMap((result, b) => result.rejected.map(({ item }) => batches[b]?.[item] ?? ''));
          const sum = (pick: 'indexed' | 'duplicates'): number => results.reduce((total, one) => total + one[pick], 0);

          // Nothing is lost, nothing is left, nothing is stored twice.
          expect(results.flatMap(({ unfinished }) => unfinished)).to.deep.equal([]);
          expect(new Set([...stage.server.stored.keys(), ...rejected])).to.deep.equal(new Set(all));
          expect(stage.server.created()).to.equal(stage.server.stored.size);
          expect(new Set(rejected).size).to.equal(rejected.length);
          // The counts are the server's: what it has and did not refuse was reported as indexed or as duplicate.
          expect(sum('indexed') + sum('duplicates')).to.equal(all.length - rejected.length);
          const kept = [...stage.server.stored.keys()].filter((id) => !rejected.includes(id));
          expect(kept.length).to.equal(sum('indexed') + sum('duplicates'));
          // A duplicate is an event whose first answer was lost.
          if (!results.some(({ mayBeStored }) => mayBeStored)) expect(sum('duplicates')).to.equal(0);
        } finally {
          await stage.close();
        }
      }),
      { numRuns: 150 },
    );
  });
});
