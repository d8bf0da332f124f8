/** Lets one stream of a source go on at a time. */
export interface Turns {
  /** Does the work when it is this stream's turn: of those who wait, the one with the lowest rank is next. */
  take<T>(rank: number, work: () => Promise<T>): Promise<T>;
}

/**
 * Streams that are read side by side would all come to their ends late, and at the same time: what was begun first is to be
 * finished first, so that a crash finds few of them unfinished. Others get their turns while it waits for its bytes.
 */
export function createTurns(): Turns {
  const waiting: { rank: number; start: () => void }[] = [];
  let busy = false;

  const next = (): void => {
    waiting.sort((a, b) => a.rank - b.rank);
    const first = waiting.shift();
    busy = first !== undefined;
    first?.start();
  };

  return {
    async take(rank, work) {
      if (busy) await new Promise<void>((start) => waiting.push({ rank, start }));
      busy = true;
      try {
        return await work();
      } finally {
        next();
      }
    },
  };
}
