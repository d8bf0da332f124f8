import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as realWait } from 'node:timers/promises';
import { expect } from 'chai';
import { systemClock } from '../../src/clock.js';
import type { BatchResult } from '../../src/deliver.js';
import type { Fault } from '../support/bulk-server.js';
import { batchOf, startStage, type Stage, type StageOptions } from '../support/sending.js';

const ids = ['a', 'b', 'c', 'd', 'e'];
const nothing: BatchResult = { indexed: 0, duplicates: 0, rejected: [], unfinished: [], mayBeStored: false };

describe('delivering a batch', () => {
  const stages: Stage[] = [];
  async function stage(options: StageOptions = {}): Promise<Stage> {
    const made = await startStage(options);
    stages.push(made);
    return made;
  }
  const script = (...faults: Fault[]): Promise<Stage> => stage({ script: faults });
  const sentIds = (one: Stage): string[] => one.server.requests.map(({ ids: sent }) => sent.join(''));

  afterEach(async () => {
    for (const one of stages.splice(0)) await one.close();
  });

  it('stores every event with one request', async () => {
    const one = await stage();
    expect(await one.deliver(batchOf(ids))).to.deep.equal({ ...nothing, indexed: 5 });
    expect([...one.server.stored.keys()]).to.deep.equal(ids);
    expect(one.server.requests.length).to.equal(1);
  });

  it('sends nothing for a batch of marks alone', async () => {
    const one = await stage();
    expect(await one.deliver(batchOf([]))).to.deep.equal(nothing);
    expect(one.server.requests.length).to.equal(0);
  });

  it('sends gzip when told so and asks for a short answer', async () => {
    const one = await stage({ gzip: true });
    await one.deliver(batchOf(ids, 1000));
    const [request] = one.server.requests;
    expect(request?.headers['content-encoding']).to.equal('gzip');
    expect(request?.headers['content-type']).to.equal('application/x-ndjson');
    expect(decodeURIComponent(request?.url ?? '')).to.match(/^\/_bulk\?filter_path=items\.\*\.status,/);
    expect(one.server.stored.size).to.equal(5);
  });

  it('counts what is already there as duplicate', async () => {
    const one = await stage();
    await one.deliver(batchOf(['a', 'c']));
    expect(await one.deliver(batchOf(ids))).to.deep.equal({ ...nothing, indexed: 3, duplicates: 2 });
  });

  describe('refused for a while', () => {
    for (const status of [408, 425, 429, 500, 502, 503, 504]) {
      it(`sends again after ${status}`, async () => {
        const one = await script({ kind: 'status', status }, { kind: 'status', status });
        expect(await one.deliver(batchOf(ids))).to.include({ indexed: 5, duplicates: 0 });
        expect(sentIds(one)).to.deep.equal(['abcde', 'abcde', 'abcde']);
        expect(one.waits).to.deep.equal([50, 100]);
      });
    }

    it('waits as long as Retry-After says in seconds', async () => {
      const one = await script({ kind: 'status', status: 429, headers: { 'retry-after': '7' } });
      await one.deliver(batchOf(ids));
      expect(one.waits).to.deep.equal([7050]);
    });

    it("waits until the date that Retry-After gives, by the server's clock", async () => {
      const headers = { date: 'Sat, 03 Mar 2035 00:00:01 GMT', 'retry-after': 'Sat, 03 Mar 2035 00:00:10 GMT' };
      const one = await script({ kind: 'status', status: 503, headers });
      await one.deliver(batchOf(ids));
      expect(one.waits).to.deep.equal([9050]);
    });

    it('goes on for as long as it takes', async () => {
      const one = await script(...Array.from({ length: 200 }, () => ({ kind: 'status', status: 503 }) as const));
      expect((await one.deliver(batchOf(ids))).indexed).to.equal(5);
      expect(Math.max(...one.waits)).to.equal(5000);
    });

    it('says after 429 that nothing was stored, after 5xx that it may have been', async () => {
      const busy = await script({ kind: 'status', status: 429 });
      const ill = await script({ kind: 'status', status: 503 });
      expect((await busy.deliver(batchOf(ids))).mayBeStored).to.equal(false);
      expect((await ill.deliver(batchOf(ids))).mayBeStored).to.equal(true);
    });

    it('tells the log and the observer why and how long', async () => {
      const one = await script({ kind: 'status', status: 429 });
      await one.deliver(batchOf(ids));
      expect(one.lines).to.have.length(1);
      expect(one.lines[0]).to.include({ level: 'warn', cause: 'overloaded', status: 429, items: 5, wait_ms: 50 });
      const retry = { kind: 'retry', cause: 'overloaded', items: 5, waitMs: 50, mayBeStored: false };
      expect(one.events.map((event) => event.kind)).to.deep.equal(['request', 'retry', 'request']);
      expect(one.events[1]).to.deep.equal(retry);
      expect(one.events[2]).to.include({ outcome: 'answered', items: 5, bytes: batchOf(ids).body.length });
    });
  });

  it('sends less at a time after an overload, and smaller batches after a 413', async () => {
    const busy = await script({ kind: 'status', status: 429 });
    await busy.deliver(batchOf(ids));
    expect(busy.pace.inFlight).to.equal(1);
    const small = await stage({ maxBytes: 300_000 });
    const { batchBytes } = small.pace;
    await small.deliver(batchOf(ids, 40_000));
    expect(small.pace.batchBytes).to.be.below(batchBytes);
  });

  describe('too large', () => {
    it('is sent in halves until each fits', async () => {
      const one = await stage({ maxBytes: 170 });
      expect(await one.deliver(batchOf(ids))).to.deep.equal({ ...nothing, indexed: 5 });
      expect(sentIds(one)).to.deep.equal(['abcde', 'ab', 'cde', 'c', 'de']);
    });

    it('rejects a single event that does not fit', async () => {
      const one = await stage({ maxBytes: 10 });
      const { rejected, ...rest } = await one.deliver(batchOf(['a', 'b']));
      expect(rest).to.include({ indexed: 0, duplicates: 0 });
      expect(rejected.map(({ item, status, type }) => [item, status, type])).to.deep.equal([
        [0, 413, 'request_too_large'],
        [1, 413, 'request_too_large'],
      ]);
      expect(rejected[0]?.reason).to.include(`${batchOf(['a']).body.length} bytes`);
    });

    it('is recognised by its status alone, whatever the body is', async () => {
      const headers = { 'content-type': 'application/json' };
      const one = await script({ kind: 'status', status: 413, headers, body: '{"broken' });
      expect((await one.deliver(batchOf(ids))).indexed).to.equal(5);
      expect(sentIds(one)).to.deep.equal(['abcde', 'ab', 'cde']);
    });
  });

  describe('refused as a whole', () => {
    it('finds the one event for whose sake the engine answers 400', async () => {
      const refusal: Fault = { kind: 'status', status: 400 };
      const one = await script(refusal, refusal);
      const result = await one.deliver(batchOf(['a', 'b', 'c']));
      expect(sentIds(one)).to.deep.equal(['abc', 'a', 'bc']);
      expect(result).to.deep.include({ indexed: 2, unfinished: [] });
      expect(result.rejected).to.deep.equal([{ item: 0, status: 400, type: 'type_400', reason: 'whole 400' }]);
    });

    const wrongPlace: [string, Fault][] = [
      ['a 400 that is not from the engine', { kind: 'status', status: 400, body: 'plain HTTP sent to an HTTPS port' }],
      ['404', { kind: 'status', status: 404 }],
      ['405', { kind: 'status', status: 405 }],
      ['a redirect', { kind: 'status', status: 302, headers: { location: '/login' } }],
    ];
    for (const [name, fault] of wrongPlace) {
      it(`keeps everything and says that the URL may be wrong after ${name}`, async () => {
        const one = await script(fault);
        expect(await one.deliver(batchOf(ids))).to.include({ indexed: 5 });
        expect(one.waits).to.deep.equal([30_000]);
        expect(one.lines[0]).to.have.property('level', 'error');
        expect(one.lines[0]?.message).to.include('output.hosts');
      });
    }
  });

  describe('not allowed', () => {
    const cases: [number, string][] = [
      [401, 'output.api_key'],
      [403, 'create_doc'],
    ];
    for (const [status, named] of cases) {
      it(`keeps everything after ${status}, waits long and says loudly what is missing`, async () => {
        const one = await script({ kind: 'status', status }, { kind: 'status', status });
        expect(await one.deliver(batchOf(ids))).to.deep.equal({ ...nothing, indexed: 5 });
        expect(one.waits).to.deep.equal([30_000, 30_000]);
        expect(one.lines.map(({ level }) => level)).to.deep.equal(['error', 'error']);
        expect(one.lines[0]?.message).to.include(named);
        expect(one.lines[0]).to.include({ status, reason: `whole ${status}`, items: 5 });
      });
    }

    it('keeps single items that the engine answers 403, without holding up the others', async () => {
      const one = await script({ kind: 'items', statuses: [403, 201, 429, 201, 201] });
      expect(await one.deliver(batchOf(ids))).to.deep.equal({ ...nothing, indexed: 5 });
      expect(sentIds(one)).to.deep.equal(['abcde', 'c', 'a']);
    });
  });

  it('treats every item of a mixed answer by its own status', async () => {
    const one = await stage({
      script: [{ kind: 'none' }, { kind: 'items', statuses: [201, 201, 429, 503, 400, 404] }],
    });
    await one.deliver(batchOf(['a']));
    const result = await one.deliver(batchOf(['a', 'b', 'c', 'd', 'e', 'f']));
    expect(sentIds(one)).to.deep.equal(['a', 'abcdef', 'cd']);
    expect(result).to.deep.equal({
      ...nothing,
      indexed: 3,
      duplicates: 1,
      rejected: [
        { item: 4, status: 400, type: 'type_400', reason: 'reason 400' },
        { item: 5, status: 404, type: 'type_404', reason: 'reason 404' },
      ],
    });
  });

  it('sends the same bytes again for the items that need it', async () => {
    const one = await script({ kind: 'items', statuses: [503, 201, 503] });
    await one.deliver(batchOf(ids, 20));
    expect([...one.server.stored].sort()).to.deep.equal(
      ids.map((id) => [id, JSON.stringify({ id, text: 'ü'.repeat(20) })]),
    );
  });

  describe('with a lost answer', () => {
    const lost: [string, Fault][] = [
      ['a connection cut after the request was carried out', { kind: 'reset', stored: true }],
      ['garbage that begins like JSON', { kind: 'answer', as: 'garbage' }],
      ['a page of HTML', { kind: 'answer', as: 'html' }],
      ['an answer that ends early', { kind: 'answer', as: 'truncated' }],
      ['an answer cut by the network', { kind: 'answer', as: 'cut' }],
      ['an answer with an item too few', { kind: 'answer', as: 'fewer' }],
      ['an answer of another kind', { kind: 'answer', as: 'strange' }],
    ];
    for (const [name, fault] of lost) {
      it(`sends again after ${name}, and stores nothing twice`, async () => {
        const one = await script(fault);
        expect(await one.deliver(batchOf(ids))).to.deep.equal({ ...nothing, duplicates: 5, mayBeStored: true });
        expect(one.server.created()).to.equal(5);
      });
    }

    it('takes it for possibly stored on a connection that was used before, too', async () => {
      const one = await script({ kind: 'none' }, { kind: 'reset', stored: true });
      await one.deliver(batchOf(['z']));
      expect(await one.deliver(batchOf(ids))).to.deep.equal({ ...nothing, duplicates: 5, mayBeStored: true });
    });

    it('sends again after an answer that never ends', async () => {
      const one = await stage({ script: [{ kind: 'answer', as: 'never' }], request_timeout_s: 0.05 });
      expect(await one.deliver(batchOf(ids))).to.deep.equal({ ...nothing, duplicates: 5, mayBeStored: true });
      expect(one.lines[0]).to.include({ cause: 'timeout' });
    });

    it('sends again after a connection cut before anything was stored', async () => {
      const one = await script({ kind: 'reset', stored: false });
      expect(await one.deliver(batchOf(ids))).to.deep.equal({ ...nothing, indexed: 5, mayBeStored: true });
    });
  });

  it('goes to the other host when one is dead', async () => {
    const dead = await closedPort();
    const one = await stage({ hosts: (url) => [`http://127.0.0.1:${dead}`, url] });
    const results = [];
    for (const id of ids) results.push(await one.deliver(batchOf([id])));
    expect(results.map(({ indexed }) => indexed)).to.deep.equal([1, 1, 1, 1, 1]);
    expect(results.some(({ mayBeStored }) => mayBeStored)).to.equal(false);
    expect(one.lines.map(({ cause }) => cause)).to.deep.equal(['not_connected']);
    expect(one.lines[0]?.['remedy']).to.be.a('string');
  });

  it('leaves a host that answers 503 for the other', async () => {
    const ill = await stage({ script: Array.from({ length: 5 }, () => ({ kind: 'status', status: 503 }) as const) });
    const one = await stage({ hosts: (url) => [ill.server.url, url] });
    for (const id of ids) await one.deliver(batchOf([id]));
    expect(ill.server.requests.length).to.equal(1);
    expect(one.server.stored.size).to.equal(5);
  });

  describe('stopped', () => {
    it('ends a wait at once and names what is unfinished', async () => {
      const stop = new AbortController();
      const statuses = [201, 503, 201, 403, 201];
      const one = await stage({
        script: [{ kind: 'items', statuses }],
        sender: { clock: systemClock, policy: { initialMs: 60_000, maxMs: 60_000 } },
      });
      const delivery = one.deliver(batchOf(ids), stop.signal);
      while (one.lines.length < 2) await realWait(1);
      stop.abort();
      expect(await delivery).to.deep.equal({ ...nothing, indexed: 3, unfinished: [1, 3] });
    });

    it('begins no request', async () => {
      const one = await stage();
      expect(await one.deliver(batchOf(ids), AbortSignal.abort())).to.deep.equal({
        ...nothing,
        unfinished: [0, 1, 2, 3, 4],
      });
      expect(one.server.requests.length).to.equal(0);
    });

    it('lets a request under way end', async () => {
      const stop = new AbortController();
      const one = await stage({ onRequest: () => stop.abort() });
      expect(await one.deliver(batchOf(ids), stop.signal)).to.deep.equal({ ...nothing, indexed: 5 });
    });

    it('ends a request under way when told to abort', async () => {
      let seen = (): void => undefined;
      const begun = new Promise<void>((resolve) => (seen = resolve));
      const one = await stage({ script: [{ kind: 'answer', as: 'never' }], onRequest: () => seen() });
      const delivery = one.deliver(batchOf(ids));
      await begun;
      one.abort();
      expect(await delivery).to.deep.equal({ ...nothing, unfinished: [0, 1, 2, 3, 4], mayBeStored: true });
    });

    it('gives up after a number of tries where the policy has one', async () => {
      const faults = Array.from({ length: 9 }, () => ({ kind: 'status', status: 429 }) as const);
      const one = await stage({ script: faults, sender: { policy: { maxTries: 3 } } });
      expect(await one.deliver(batchOf(ids))).to.deep.equal({ ...nothing, unfinished: [0, 1, 2, 3, 4] });
      expect(one.server.requests.length).to.equal(3);
    });
  });

  it('writes no document into the log', async () => {
    const one = await script(
      { kind: 'items', statuses: [400, 429, 403] },
      { kind: 'reset', stored: false },
      { kind: 'answer', as: 'garbage' },
      { kind: 'status', status: 413 },
    );
    await one.deliver(batchOf(ids.map((id) => `${id}-customer`)));
    expect(JSON.stringify(one.lines)).not.to.include('customer');
  });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
