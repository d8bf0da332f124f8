import { expect } from 'chai';
import fc from 'fast-check';
import { createPace, type Sent } from '../../src/pace.js';
import { simulate, type Second, type Simulation, type Strength } from '../support/simulated-engine.js';

const MIB = 1024 * 1024;
const bounds = { maxInFlight: 16, maxBytes: 2 * MIB };
const strong = (workers: number): Strength => ({ workers, overheadMs: 5, bytesPerMs: MIB / 100 });

function ship(engine: Simulation['engine'] | Strength, more: Partial<Simulation> = {}): Second[] {
  return simulate({
    ...bounds,
    seconds: 300,
    seed: 1,
    engine: typeof engine === 'function' ? engine : () => engine,
    ...more,
  });
}

const inFlight = (seconds: readonly Second[]): number[] => seconds.map((second) => second.inFlight);
const mean = (figures: readonly number[]): number => figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
/** Bytes stored in these seconds, as a share of what this engine can store of the largest batches. */
function share(seconds: readonly Second[], { workers, overheadMs, bytesPerMs }: Strength): number {
  const stored = (seconds.at(-1)?.done ?? 0) - (seconds[0]?.done ?? 0);
  const best = (workers * bounds.maxBytes) / (overheadMs + bounds.maxBytes / bytesPerMs);
  return stored / ((seconds.length - 1) * 1000) / best;
}

describe('the pace', () => {
  describe('on a simulated engine that works on so many requests at a time', () => {
    for (const workers of [1, 2, 4, 6, 12])
      it(`of ${workers} stays near that, and gets what it can give`, () => {
        for (const seed of [1, 2, 3]) {
          const later = ship(strong(workers), { seed }).slice(60);
          expect(mean(inFlight(later)), `seed ${seed}`).to.be.within(workers * 0.9, workers * 1.5 + 1);
          expect(share(later, strong(workers)), `seed ${seed}`).to.be.above(0.93);
        }
      });

    it('finds that within seconds', () => {
      expect(inFlight(ship(strong(6), { seconds: 15 })).at(-1)).to.be.within(4, 10);
    });

    it('and answers 429 to more: goes there seldom, and never far down', () => {
      const engine = { ...strong(6), queue: 0 };
      const later = ship(engine).slice(60);
      expect(share(later, engine)).to.be.above(0.9);
      expect(Math.max(...inFlight(later))).to.be.at.most(8);
      expect(inFlight(later).filter((count) => count < 3)).to.have.length.below(later.length * 0.02);
    });

    it('follows it when it becomes weaker, and when it is strong again', () => {
      const seconds = ship((second) => strong(second >= 100 && second < 200 ? 2 : 8));
      expect(mean(inFlight(seconds.slice(60, 100)))).to.be.within(7, 13);
      expect(mean(inFlight(seconds.slice(150, 200)))).to.be.within(1.8, 4.5);
      expect(mean(inFlight(seconds.slice(260)))).to.be.within(7, 13);
    });

    it('goes down to one while it is away, and is back within seconds after', () => {
      const engine = (second: number): Strength => ({ ...strong(6), isAway: second >= 60 && second < 120 });
      const seconds = ship(engine, { seconds: 200 });
      expect(inFlight(seconds.slice(70, 120)).every((count) => count === 1)).to.equal(true);
      expect(inFlight(seconds)[135]).to.be.at.least(4);
      expect(seconds[135]?.batchBytes).to.equal(seconds[59]?.batchBytes);
    });

    it('makes no larger requests than it takes', () => {
      const later = ship({ ...strong(4), maxBytes: 700_000 }).slice(60);
      expect(later.filter(({ batchBytes }) => batchBytes > 700_000)).to.have.length.below(later.length * 0.05);
      expect(mean(later.map(({ batchBytes }) => batchBytes))).to.be.above(350_000);
    });

    it('learns nothing while the input is the slower one', () => {
      const seconds = ship(strong(4), { fillMs: 200 });
      expect(new Set(inFlight(seconds))).to.deep.equal(new Set([2]));
    });

    it('makes large requests where each costs the engine much', () => {
      const later = ship({ ...strong(2), overheadMs: 100 }).slice(120);
      expect(mean(later.map(({ batchBytes }) => batchBytes))).to.be.above(1.6 * MIB);
    });
  });

  it('never leaves its bounds, whatever comes of the requests', () => {
    const sent = fc.record({
      kind: fc.constantFrom<Sent['kind']>('good', 'good', 'good', 'good', 'busy', 'ill', 'too_large', 'unclear'),
      bytes: fc.integer({ min: 1, max: 4 * MIB }),
      items: fc.integer({ min: 1, max: 5000 }),
      tookMs: fc.integer({ min: 0, max: 70_000 }),
      gapMs: fc.integer({ min: 0, max: 2000 }),
      isPressed: fc.boolean(),
    });
    const limits = fc.record({
      maxInFlight: fc.integer({ min: 1, max: 64 }),
      maxBytes: fc.integer({ min: 1024, max: 8 * MIB }),
    });
    fc.assert(
      fc.property(limits, fc.array(sent, { maxLength: 500 }), ({ maxInFlight, maxBytes }, all) => {
        const pace = createPace({ maxInFlight, maxBytes });
        let endedMs = 0;
        for (const { tookMs, gapMs, isPressed, ...one } of all) {
          endedMs += gapMs;
          if (isPressed) pace.pressed();
          pace.note({ ...one, startedMs: endedMs - tookMs, endedMs });
          expect(pace.inFlight).to.satisfy(Number.isInteger).and.be.within(1, maxInFlight);
          expect(pace.batchBytes).to.satisfy(Number.isInteger).and.be.within(1, maxBytes);
        }
      }),
    );
  });

  it('goes down once for all requests that were under way together', () => {
    const pace = createPace({ maxInFlight: 2, maxBytes: MIB });
    const sent = (startedMs: number): Sent => ({ kind: 'busy', startedMs, endedMs: 100, items: 10, bytes: MIB / 2 });
    pace.note(sent(0));
    expect([pace.inFlight, pace.batchBytes]).to.deep.equal([1, MIB / 2]);
    pace.note(sent(50));
    expect([pace.inFlight, pace.batchBytes]).to.deep.equal([1, MIB / 2]);
    pace.note(sent(101));
    expect(pace.batchBytes).to.be.below(MIB / 2);
  });

  it('is not concerned by one event that alone is too large', () => {
    const pace = createPace({ maxInFlight: 2, maxBytes: MIB });
    pace.note({ kind: 'too_large', startedMs: 0, endedMs: 1, items: 1, bytes: 1000 });
    expect(pace.batchBytes).to.equal(MIB / 2);
  });
});
