import { expect } from 'chai';
import { openCheckpoint, type Checkpoint } from '../../src/checkpoint.js';
import type { FileInputConfig, InputConfig } from '../../src/config.js';
import { ConnectorError } from '../../src/errors.js';
import { accounted, accountOf, inputName, type InputAccount } from '../../src/input-account.js';
import type { Source } from '../../src/record.js';
import { manualClock } from '../support/manual-clock.js';
import { keepLog } from '../support/sending.js';
import { sourceOf, type StreamPlan } from '../support/source-of.js';
import { tempDir } from '../support/temp-dir.js';

const input: FileInputConfig = { type: 'file', paths: ['a', 'b'], poll_interval_s: 1 };
const START = Date.parse('2026-01-01T00:00:00Z');
const cut = new ConnectorError('CCX_INPUT_UNREADABLE', 'cut off', { place: 'x' });

describe('the account of an input', () => {
  let checkpoint: Checkpoint;
  let clock: ReturnType<typeof manualClock>;

  beforeEach(async () => {
    checkpoint = await openCheckpoint(await tempDir(), { logger: keepLog().log });
    clock = manualClock(START);
  });
  afterEach(() => checkpoint.close());

  const kept = (): InputAccount | undefined => accountOf(input, new Map(checkpoint.entries()));

  /** Reads everything of the source and acknowledges it, as a run does. */
  async function readAll(source: Source): Promise<void> {
    for await (const stream of source.streams(new AbortController().signal)) {
      let offset = 0;
      try {
        for await (const chunk of stream.bytes) await source.ack(stream.id, at((offset += chunk.length)), false);
        await source.ack(stream.id, at(offset), true);
      } catch {
        // As a run does: the others are read.
      }
    }
    await source.close();
  }
  const at = (offset: number) => ({ offset, arrayDepth: 0 });
  const watched = (plans: readonly (StreamPlan | ConnectorError)[]): Source =>
    accounted(sourceOf(plans), input, checkpoint, clock.clock);

  it('counts finished streams and acknowledged bytes, and says when it last got on', async () => {
    await readAll(
      watched([
        { id: 'a', chunks: ['12345', '67'] },
        { id: 'b', chunks: ['8'] },
      ]),
    );
    expect(kept()).to.deep.equal({ finished: 2, bytes: 8, last_progress: '2026-01-01T00:00:00.000Z', fault: null });
  });

  it('counts a stream without bytes, and not one that could not be read', async () => {
    await readAll(
      watched([
        { id: 'a', chunks: [] },
        { id: 'b', chunks: [cut] },
      ]),
    );
    expect(kept()).to.include({ finished: 1, bytes: 0 });
  });

  it('says of a stream that its events may be stored from the moment on when its source does', async () => {
    let isDoubtful = false;
    const doubtful: Source = {
      ...sourceOf([]),
      async *streams(signal) {
        for await (const stream of sourceOf([{ id: 'a', chunks: ['1'] }]).streams(signal))
          yield Object.defineProperty({ ...stream }, 'mayBeStored', { get: () => isDoubtful });
      },
    };
    const seen: (boolean | undefined)[] = [];
    for await (const stream of accounted(doubtful, input, checkpoint, clock.clock).streams(
      new AbortController().signal,
    )) {
      seen.push(stream.mayBeStored);
      isDoubtful = true;
      seen.push(stream.mayBeStored);
    }
    expect(seen).to.deep.equal([false, true]);
  });

  it('goes on counting in the next run', async () => {
    await readAll(watched([{ id: 'a', chunks: ['12345'] }]));
    await readAll(watched([{ id: 'b', chunks: ['678'] }]));
    expect(kept()).to.include({ finished: 2, bytes: 8 });
  });

  it('shows the fault of a stream until another one gets to its end', async () => {
    await readAll(watched([{ id: 'a', chunks: ['1', cut] }]));
    expect(kept()).to.deep.include({
      finished: 0,
      fault: { code: 'CCX_INPUT_UNREADABLE', message: 'cut off', place: 'x', since: '2026-01-01T00:00:00.000Z' },
    });
    await readAll(
      watched([
        { id: 'a', chunks: ['1', cut] },
        { id: 'b', chunks: ['1'] },
      ]),
    );
    expect(kept()).to.deep.include({ finished: 1, fault: null });
  });

  it('shows the fault that ended the input', async () => {
    const error = await readAll(watched([cut])).catch((thrown: unknown) => thrown);
    expect(error).to.equal(cut);
    expect(kept()?.fault).to.include({ code: 'CCX_INPUT_UNREADABLE' });
  });

  it('notes a fault that comes and goes while nothing is read', async () => {
    let fault: ConnectorError | undefined;
    const source = { ...sourceOf([]), get fault() { return fault; } }; // prettier-ignore
    const watching = accounted(source, input, checkpoint, clock.clock);
    await watching.streams(new AbortController().signal)[Symbol.asyncIterator]().next();
    fault = cut;
    clock.advance(2_000);
    const { since } = kept()?.fault ?? {};
    expect(since).to.equal('2026-01-01T00:00:02.000Z');
    clock.advance(10_000);
    expect(kept()?.fault?.since).to.equal(since);
    fault = undefined;
    clock.advance(2_000);
    expect(kept()?.fault).to.equal(null);
    await watching.close();
  });

  it('names inputs by their type and place', () => {
    const aws = { path_style: false, role_session_name: 'x' };
    const inputs: InputConfig[] = [
      input,
      { type: 'stdin' },
      {
        type: 'sqs',
        queue_url: 'https://sqs.example/1/q',
        parallel: 1,
        visibility_timeout_s: 1,
        wait_time_s: 1,
        poison_receives: 1,
        ...aws,
      },
    ];
    expect(inputs.map(inputName)).to.deep.equal(['file a, b', 'stdin', 'sqs https://sqs.example/1/q']);
  });
});
