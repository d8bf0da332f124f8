const pending: (() => Promise<void>)[] = [];

/** Has `work` done after the test, whether it passes or fails: what was asked for last is done first. */
export function afterTest(work: () => Promise<void>): void {
  pending.push(work);
}

afterEach(async () => {
  for (let work = pending.pop(); work !== undefined; work = pending.pop()) await work();
});
