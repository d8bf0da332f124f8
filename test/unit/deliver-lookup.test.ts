import { expect } from 'chai';
import type { BatchResult } from '../../src/deliver.js';
import type { Fault, Question, Reply } from '../support/bulk-server.js';
import { batchOf, startStage, type Stage, type StageOptions } from '../support/sending.js';

const nothing: BatchResult = { indexed: 0, duplicates: 0, rejected: [], unfinished: [], mayBeStored: false };
const ids = ['a', 'b', 'c', 'd', 'e'];
const ok = (body: unknown): Reply => ({ status: 200, body });
const error = (status: number, type = 'security_exception'): Reply => ({
  status,
  body: { error: { type, reason: 'no' }, status },
});

/** A data stream of two backing indices, the older of which has these documents. */
function holds(...stored: string[]) {
  return ({ path, body }: Question): Reply => {
    if (path.startsWith('GET')) return ok({ data_streams: [{ name: 'logs-x-y', backing_indices: ['b1', 'b2'] }] });
    const has = (id: string): boolean => path.includes('b1') && stored.includes(id);
    return ok({ docs: (body as { ids: string[] }).ids.map((id) => ({ found: has(id) })) });
  };
}

describe('delivering what may be stored already', () => {
  const stages: Stage[] = [];
  afterEach(() => Promise.all(stages.splice(0).map((one) => one.close())));

  async function stage(options: StageOptions): Promise<Stage> {
    const one = await startStage(options);
    stages.push(one);
    return one;
  }
  const sent = ({ server }: Stage): string[] => server.requests.map((request) => request.ids.join(''));
  const doubtful = batchOf(ids, 0, true);

  it('asks nothing when everything is new', async () => {
    let asked = 0;
    const ask = (): Reply => ok({ asked: (asked += 1) });
    const one = await stage({ ask });
    expect(await one.deliver(batchOf(ids))).to.deep.equal({ ...nothing, indexed: 5 });
    expect(asked).to.equal(0);
  });

  it('sends only what the data stream does not have', async () => {
    const one = await stage({ ask: holds('b', 'e') });
    expect(await one.deliver(doubtful)).to.deep.equal({ ...nothing, indexed: 3, duplicates: 2 });
    expect(sent(one)).to.deep.equal(['acd']);
    expect(one.events[0]).to.include({ kind: 'lookup', outcome: 'known', items: 5, found: 2 });
  });

  it('sends nothing when the data stream has all', async () => {
    const one = await stage({ ask: holds(...ids) });
    expect(await one.deliver(doubtful)).to.deep.equal({ ...nothing, duplicates: 5 });
    expect(sent(one)).to.deep.equal([]);
  });

  it('asks only for the events that may be stored', async () => {
    const asked: unknown[] = [];
    const one = await stage({
      ask: (question) => {
        if (question.body !== undefined) asked.push(question.body);
        return holds()(question);
      },
    });
    const batch = batchOf(ids);
    const streams = batch.streams.map((stream, i) => ({ ...stream, mayBeStored: i === 1 || i === 2 }));
    await one.deliver({ ...batch, streams });
    expect(asked).to.deep.equal([{ ids: ['b', 'c'] }, { ids: ['b', 'c'] }]);
    expect(sent(one)).to.deep.equal(['abcde']);
  });

  it('asks after a lost answer, and in the halves of what was lost', async () => {
    let stored: string[] = [];
    const one = await stage({
      script: [
        { kind: 'reset', stored: true },
        { kind: 'status', status: 413 },
        { kind: 'reset', stored: false },
      ],
      ask: (question) => holds(...stored)(question),
      onRequest: (number) => {
        // As if the stream had rolled over, and what was stored before were what another index has.
        stored = number === 1 ? ['a'] : ['a', 'b', 'c', 'd', 'e'];
      },
    });
    const result = await one.deliver(batchOf(ids));
    expect(result).to.deep.equal({ ...nothing, duplicates: 5, mayBeStored: true });
    expect(sent(one)).to.deep.equal(['abcde', 'bcde']);
  });

  it('asks after an item was answered 503, and not after 429', async () => {
    const script = (status: number): Fault[] => [{ kind: 'items', statuses: [status, 201] }];
    const busy = await stage({ script: script(429), ask: holds() });
    const ill = await stage({ script: script(503), ask: holds() });
    for (const one of [busy, ill]) expect((await one.deliver(batchOf(ids))).indexed).to.equal(5);
    const lookups = ({ events }: Stage): number => events.filter(({ kind }) => kind === 'lookup').length;
    expect([lookups(busy), lookups(ill)]).to.deep.equal([0, 1]);
  });

  for (const [name, reply, wait] of [
    ['busy', error(429), 50],
    ['ill', error(503), 50],
    ['cut off', 'cut', 50],
    ['of another opinion about the credentials', error(401), 30_000],
  ] as const) {
    it(`waits and asks again when the cluster is ${name}`, async () => {
      let asked = 0;
      const ask = (question: Question): Reply | 'cut' => ((asked += 1) === 1 ? reply : holds('a')(question));
      const one = await stage({ ask });
      expect(await one.deliver(doubtful)).to.deep.equal({ ...nothing, indexed: 4, duplicates: 1 });
      expect(one.waits).to.deep.equal([wait]);
      expect(one.events.map(({ kind }) => kind)).to.deep.equal(['lookup', 'retry', 'lookup', 'request']);
    });
  }

  describe('where the cluster refuses to say', () => {
    it('sends all the same, and says once what that means and what to grant', async () => {
      const one = await stage({ ask: () => error(403) });
      expect(await one.deliver(doubtful)).to.deep.equal({ ...nothing, indexed: 5 });
      expect(await one.deliver(doubtful)).to.deep.equal({ ...nothing, duplicates: 5 });
      expect(one.lines).to.have.length(1);
      expect(one.lines[0]).to.include({ level: 'warn', code: 'CCX_LOOKUP_REFUSED', status: 403, reason: 'no' });
      expect(one.lines[0]?.['remedy']).to.contain('read and view_index_metadata');
    });

    it('asks again when a 403 is none of its security, and is over soon', async () => {
      let asked = 0;
      const ask = (question: Question): Reply => {
        asked += 1;
        return asked <= 3 ? error(403, 'http_403') : holds(...ids)(question);
      };
      const one = await stage({ ask });
      expect(await one.deliver(doubtful)).to.include({ indexed: 0, duplicates: 5 });
      expect(one.lines.map(({ code }) => code)).not.to.include('CCX_LOOKUP_REFUSED');
    });

    it('sends all the same when such a 403 lasts', async () => {
      const one = await stage({ ask: () => error(403, 'http_403') });
      expect(await one.deliver(doubtful)).to.include({ indexed: 5, duplicates: 0 });
      expect(one.lines.at(-1)).to.include({ code: 'CCX_LOOKUP_REFUSED' });
    });

    it('asks for what is in other data streams all the same', async () => {
      const both = batchOf(ids, 0, true, (id) => (id < 'c' ? 'logs-kept-secret' : 'logs-x-y'));
      const asked: string[] = [];
      const ask = (question: Question): Reply => {
        asked.push(question.path);
        return question.path.includes('secret') ? error(403) : holds(...ids)(question);
      };
      const one = await stage({ ask });
      expect(await one.deliver(both)).to.deep.equal({ ...nothing, indexed: 2, duplicates: 3 });
      expect(await one.deliver(both)).to.deep.equal({ ...nothing, duplicates: 5 });
      expect(asked.filter((path) => path.includes('secret'))).to.have.length(1);
      expect(one.lines.map(({ index }) => index)).to.deep.equal(['logs-kept-secret']);
    });

    it('asks again after ten minutes only, and says it again when it was allowed in between', async () => {
      let [now, asked, allowed] = [0, 0, false];
      const clock = { now: () => now, steady: () => now, after: () => () => undefined };
      const ask = (question: Question): Reply => {
        asked += 1;
        return allowed ? holds()(question) : error(403);
      };
      const one = await stage({ ask, sender: { clock } });
      const counts: number[] = [];
      for (const [minutes, mayAsk] of [
        [0, false],
        [9, false],
        [11, false],
        [22, true],
        [23, false],
      ] as const) {
        [now, asked, allowed] = [minutes * 60_000, 0, mayAsk];
        await one.deliver(doubtful);
        counts.push(asked);
      }
      expect(counts).to.deep.equal([1, 0, 1, 3, 1]);
      expect(one.lines.map(({ code }) => code)).to.deep.equal(['CCX_LOOKUP_REFUSED', 'CCX_LOOKUP_REFUSED']);
    });
  });

  it('asks several data streams side by side', async () => {
    const both = batchOf(ids, 0, true, (id) => (id < 'c' ? 'logs-kept-secret' : 'logs-x-y'));
    let tellBoth = (): void => undefined;
    const areBothAsked = new Promise<void>((resolve) => (tellBoth = resolve));
    const asked = new Set<string>();
    const one = await stage({
      ask: async (question) => {
        if (asked.add(question.path).size === 2) tellBoth();
        await areBothAsked;
        return holds(...ids)(question);
      },
    });
    expect(await one.deliver(both)).to.deep.include({ unfinished: [] });
  });

  it('gives up a question when told to stop, and sends nothing', async () => {
    const stop = new AbortController();
    const one = await stage({
      ask: (question) => {
        stop.abort();
        return holds()(question);
      },
    });
    expect(await one.deliver(doubtful, stop.signal)).to.deep.equal({ ...nothing, unfinished: [0, 1, 2, 3, 4] });
    expect(sent(one)).to.deep.equal([]);
  });
});
