import { expect } from 'chai';
import fc from 'fast-check';
import { createInOrder, type InOrderOptions } from '../../src/in-order.js';

interface Result {
  readonly item: string;
  readonly state: string;
}

/** Work that ends when the test says so. */
function handmade() {
  const ends = new Map<string, { resolve: (result: Result) => void; reject: (error: Error) => void }>();
  const work = (item: string): Promise<Result> => new Promise((resolve, reject) => ends.set(item, { resolve, reject }));
  const end = async (item: string, state = 'ok'): Promise<void> => {
    ends.get(item)?.resolve({ item, state });
    await settle();
  };
  const fail = async (item: string): Promise<void> => {
    ends.get(item)?.reject(new Error(`${item} failed`));
    await settle();
  };
  return { work, end, fail, started: () => [...ends.keys()] };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type Options = Omit<InOrderOptions<Result>, 'limit' | 'window'> & { readonly limit: number; readonly window: number };

function start({ limit = 2, window, ...options }: Partial<Options> = {}) {
  const done: string[] = [];
  const hand = handmade();
  const queue = createInOrder<Result>({
    limit: () => limit,
    ...(window !== undefined && { window: () => window }),
    isFinished: ({ state }) => state === 'ok',
    onDone: ({ item }) => void done.push(item),
    ...options,
  });
  return { ...hand, queue, done, push: (item: string) => queue.push(() => hand.work(item)) };
}

describe('work in order', () => {
  it('reports in the order of the pushes, whatever ends first', async () => {
    const { push, end, done } = start({ limit: 3 });
    for (const item of ['a', 'b', 'c']) await push(item);
    await end('c');
    await end('b');
    expect(done).to.deep.equal([]);
    await end('a');
    expect(done).to.deep.equal(['a', 'b', 'c']);
  });

  it('starts no more than the limit at a time', async () => {
    const { push, end, started } = start({ limit: 2 });
    const third = [push('a'), push('b'), push('c')][2];
    await settle();
    expect(started()).to.deep.equal(['a', 'b']);
    await end('b');
    expect(await third).to.equal(true);
    expect(started()).to.deep.equal(['a', 'b', 'c']);
  });

  it('goes on at another limit when that has changed', async () => {
    let limit = 1;
    const hand = handmade();
    const queue = createInOrder<Result>({ limit: () => limit, isFinished: () => true, onDone: () => undefined });
    for (const item of ['a', 'b', 'c', 'd', 'e', 'f']) void queue.push(() => hand.work(item));
    limit = 3;
    await hand.end('a');
    expect(hand.started()).to.deep.equal(['a', 'b', 'c', 'd']);
    limit = 1;
    await hand.end('b');
    await hand.end('c');
    expect(hand.started()).to.deep.equal(['a', 'b', 'c', 'd']);
    await hand.end('d');
    expect(hand.started()).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
  });

  it('tells of each piece of work that has to wait for its place, and of no other', async () => {
    let full = 0;
    const { push, end } = start({ limit: 2, onFull: () => (full += 1) });
    await push('a');
    await push('b');
    expect(full).to.equal(0);
    void push('c');
    expect(full).to.equal(1);
    await end('a');
    await end('b');
    void push('d');
    expect(full).to.equal(1);
  });

  it('lets finished work pile up behind a slow one only as far as the window', async () => {
    const { push, end, started } = start({ limit: 2, window: 3 });
    for (const item of ['a', 'b', 'c', 'd']) void push(item);
    await end('b');
    await end('c');
    expect(started()).to.deep.equal(['a', 'b', 'c']);
    await end('a');
    expect(started()).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('reports one at a time', async () => {
    const log: string[] = [];
    const { push, end, queue } = start({
      onDone: async ({ item }) => {
        log.push(`${item} begins`);
        await settle();
        log.push(`${item} ends`);
      },
    });
    await push('a');
    await push('b');
    await end('b');
    await end('a');
    expect(await queue.drain()).to.equal(true);
    expect(log).to.deep.equal(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('never reports an unfinished result nor anything after it', async () => {
    const { push, end, done, queue } = start({ limit: 4 });
    for (const item of ['a', 'b', 'c']) await push(item);
    await end('c');
    await end('b', 'unfinished');
    await end('a');
    expect(done).to.deep.equal(['a']);
    expect(await queue.drain()).to.equal(false);
  });

  it('lets go who waits behind an unfinished result', async () => {
    const { push, end, started } = start({ limit: 1 });
    await push('a');
    const waiting = push('b');
    await end('a', 'unfinished');
    expect(await waiting).to.equal(false);
    expect(await push('c')).to.equal(false);
    expect(started()).to.deep.equal(['a']);
  });

  it('throws what the work threw, at whom it keeps waiting and at the next push', async () => {
    const { push, fail, done, queue } = start({ limit: 1 });
    await push('a');
    const waiting = push('b').catch((error: Error) => error.message);
    await fail('a');
    expect(await waiting).to.equal('a failed');
    expect(await push('c').catch((error: Error) => error.message)).to.equal('a failed');
    expect(await queue.drain().catch((error: Error) => error.message)).to.equal('a failed');
    expect(done).to.deep.equal([]);
  });

  it('throws what a report threw, and reports nothing more', async () => {
    const seen: string[] = [];
    const onDone = ({ item }: Result): void => {
      seen.push(item);
      throw new Error('disk full');
    };
    const { push, end, queue } = start({ onDone });
    await push('a');
    await push('b');
    await end('a');
    await end('b');
    expect(await queue.drain().catch((error: Error) => error.message)).to.equal('disk full');
    expect(seen).to.deep.equal(['a']);
  });

  it('throws what the work threw before it was a promise', async () => {
    const { queue } = start();
    const work = (): Promise<Result> => {
      throw new Error('at once');
    };
    await queue.push(work).catch(() => undefined);
    expect(await queue.drain().catch((error: Error) => error.message)).to.equal('at once');
  });

  it('drains at once when there is nothing', async () => {
    expect(await start().queue.drain()).to.equal(true);
  });

  it('drains when the last report is through', async () => {
    const { push, end, queue, done } = start();
    await push('a');
    const drained = queue.drain();
    await end('a');
    expect(await drained).to.equal(true);
    expect(done).to.deep.equal(['a']);
    expect(queue.size).to.equal(0);
  });

  it('stops draining when told, and says that something is left', async () => {
    const { push, queue } = start();
    const stop = new AbortController();
    await push('a');
    const drained = queue.drain(stop.signal);
    stop.abort();
    expect(await drained).to.equal(false);
    expect(queue.size).to.equal(1);
  });

  it('keeps order, limit and window for work of any length', async () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 30 });
    const bounds = fc.record({ limit: fc.integer({ min: 1, max: 4 }), more: fc.integer({ min: 0, max: 4 }) });
    await fc.assert(
      fc.asyncProperty(lengths, bounds, async (turns, { limit, more }) => {
        const done: number[] = [];
        let running = 0;
        let most = 0;
        let open = 0;
        const queue = createInOrder<number>({
          limit: () => limit,
          window: () => limit + more,
          isFinished: () => true,
          onDone: async (item) => {
            await Promise.resolve();
            done.push(item);
            open -= 1;
          },
        });
        const work = async (item: number): Promise<number> => {
          most = Math.max(most, (running += 1));
          open += 1;
          expect(open).to.be.at.most(limit + more);
          for (let turn = 0; turn < (turns[item] ?? 0); turn += 1) await settle();
          running -= 1;
          return item;
        };
        for (let item = 0; item < turns.length; item += 1) await queue.push(() => work(item));
        expect(await queue.drain()).to.equal(true);
        expect(done).to.deep.equal(turns.map((_, item) => item));
        expect(most).to.be.at.most(limit);
      }),
    );
  });
});
