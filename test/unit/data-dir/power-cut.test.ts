import { expect } from 'chai';
import { join } from 'node:path';
import { openCheckpoint } from '../../../src/checkpoint.js';
import { tellRejectLoss } from '../../../src/reject-loss.js';
import { openRejectStore } from '../../../src/reject.js';
import { recordDisk, type DiskStep, type Say } from '../../support/disk-recorder.js';
import { cutStates, restore, type CutState } from '../../support/power-cut.js';
import { keep, rejectOf, rejectsIn } from '../../support/reject-records.js';
import { keepLog } from '../../support/sending.js';
import { tempDir } from '../../support/temp-dir.js';

const recordAt = (n: number): ReturnType<typeof rejectOf> => rejectOf(`r${n}`, n);
const { log } = keepLog();
/** So many a run rejects. */
const RECORDS = 4;
/** After one in so many power cuts another one is tried. */
const SAMPLED = 100;

/** A run: each record is made durable, then the position passes it, then it is said; now and then the store is written anew. */
async function run(folder: string, say: Say, from: number): Promise<void> {
  const store = await openRejectStore(folder);
  await tellRejectLoss(folder, log);
  await store.tidy();
  const checkpoint = await openCheckpoint(folder, { logger: log, rejects: () => store.mark });
  await checkpoint.begin();
  for (let n = from; n < from + RECORDS; n++) {
    await keep(store, recordAt(n));
    say(`kept ${n}`);
    checkpoint.set('a', { position: { offset: n, arrayDepth: 0 }, done: false });
    await checkpoint.flush();
    say(`passed ${n}`);
    if (n % 2 === 0) {
      say(`dropping ${n}`);
      await store.remove([recordAt(n).id]);
    }
    if (n % 3 === 0) await store.compact();
  }
  checkpoint.finish();
  await checkpoint.close();
}

/** Twice, with a clean end between them. */
async function twice(folder: string, say: Say): Promise<void> {
  await run(folder, say, 0);
  await run(folder, say, RECORDS);
}

describe('a data_dir after a power cut', () => {
  let folder: string;
  let steps: DiskStep[];

  beforeEach(async () => {
    folder = join(await tempDir(), 'data');
    steps = await recordDisk(folder, (say) => twice(folder, say));
  });

  /** What is wrong in a state, as the next run finds it. */
  async function faultsOf(state: CutState): Promise<string[]> {
    await restore(folder, state);
    const { log: told, lines } = keepLog();
    await tellRejectLoss(folder, told);
    const found = new Set((await rejectsIn(folder)).records.map(({ position }) => position));
    const position = (await openCheckpoint(folder, { logger: told })).get('a')?.position.offset ?? -1;
    const kept = Array.from({ length: Math.max(last(state, 'kept'), position) + 1 }, (_, n) => n);
    return [
      ...kept.filter((n) => !found.has(n) && !state.said.includes(`dropping ${n}`)).map((n) => `record ${n} is lost`),
      ...(position < last(state, 'passed') ? [`the position is ${position}`] : []),
      ...lines.map(({ message }) => message).filter((message) => message.startsWith('rejected events are missing')),
    ];
  }

  /** The first state in which something is wrong, and what. */
  async function firstFault(all: readonly DiskStep[], said: readonly string[] = []): Promise<string | undefined> {
    for (const state of cutStates(all, said)) {
      const faults = await faultsOf(state).catch((error: unknown) => [String(error)]);
      if (faults.length > 0) return `${state.what}: ${faults.join(', ')}`;
    }
    return undefined;
  }

  it('has all that was said, whatever was not synced is lost, torn or out of order', async function () {
    this.timeout(120_000);
    expect(await firstFault(steps)).to.equal(undefined);
  });

  it('has it after another power cut in the run that follows, too', async function () {
    this.timeout(300_000);
    for (const state of [...cutStates(steps)].filter((_, at) => at % SAMPLED === 0)) {
      await restore(folder, state);
      const next = await recordDisk(folder, (say) => run(folder, say, last(state, 'kept') + 1));
      expect(await firstFault(next, state.said), state.what).to.equal(undefined);
    }
  });

  for (const name of ['checkpoint.next.json', 'rejects/rejects.jsonl', 'rejects/rejects.next.jsonl', '', 'rejects']) {
    it(`would not have it if nobody synced ${name === '' ? 'the folder' : name}: the proof can fail`, async function () {
      this.timeout(120_000);
      const kept = steps.filter(
        ({ kind, ...step }) => kind !== 'sync' || !('path' in step) || step.path !== join(folder, name),
      );
      expect(kept.length).to.be.below(steps.length);
      expect(await firstFault(kept)).to.not.equal(undefined);
    });
  }
});

/** The highest number that was said with this word. */
function last({ said }: CutState, word: string): number {
  return Math.max(-1, ...said.filter((text) => text.startsWith(word)).map((text) => Number(text.split(' ')[1])));
}
