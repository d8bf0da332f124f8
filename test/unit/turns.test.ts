import { expect } from 'chai';
import { createTurns } from '../../src/turns.js';

describe('turns', () => {
  it('are taken one at a time, by the one that was begun first', async () => {
    const turns = createTurns();
    const done: string[] = [];
    let running = 0;
    const work = (name: string) => async (): Promise<void> => {
      running += 1;
      expect(running).to.equal(1);
      await new Promise(setImmediate);
      running -= 1;
      done.push(name);
    };
    const third = async (): Promise<void> => {
      await turns.take(3, work('third'));
      await turns.take(3, work('third again'));
    };
    await Promise.all([
      third(),
      turns.take(2, work('second')),
      turns.take(1, work('first')),
      turns.take(4, work('last')),
    ]);
    expect(done).to.deep.equal(['third', 'first', 'second', 'third again', 'last']);
  });

  it('go on after work that fails, and give its failure and its result', async () => {
    const turns = createTurns();
    const failing = turns.take(1, () => Promise.reject(new RangeError('broken')));
    const well = turns.take(2, () => Promise.resolve(5));
    expect(await failing.catch((error: unknown) => error)).to.be.instanceOf(RangeError);
    expect(await well).to.equal(5);
  });
});
