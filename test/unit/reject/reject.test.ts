import { expect } from 'chai';
import { appendFile, mkdtemp, readFile, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectorError } from '../../../src/errors.js';
import { openRejectStore, toRejectRecord, type RejectStore } from '../../../src/reject.js';
import type { DecodedReject, RejectRecord } from '../../../src/record.js';

const origin = { input: 'file', path: '/var/log/a.json' };
const TIME = '2026-01-02T03:04:05.000Z';

function piece(text: string | Buffer, start = 0): DecodedReject {
  const raw = Buffer.from(text);
  return {
    kind: 'reject',
    reason: 'invalid_json',
    detail: 'why',
    raw,
    length: raw.length,
    start,
    end: { offset: start, arrayDepth: 0 },
  };
}
const record = (text: string, start = 0): RejectRecord => toRejectRecord(piece(text, start), origin, TIME);

describe('the reject store', () => {
  let directory: string;
  let store: RejectStore;
  const path = (): string => join(directory, 'rejects', 'rejects.jsonl');
  const content = async (): Promise<(string | undefined)[]> => {
    const all: (string | undefined)[] = [];
    for await (const { event } of (await openRejectStore(directory)).read()) all.push(event);
    return all;
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rejects-'));
    store = await openRejectStore(directory);
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function keep(...records: RejectRecord[]): Promise<void> {
    store.append(...records);
    await store.flush();
  }

  it('gives back the records in order, with everything in them', async () => {
    await keep(record('{"a":\u2028}', 3), record('b'));
    const all: RejectRecord[] = [];
    for await (const one of store.read()) all.push(one);
    expect(all).to.deep.equal([record('{"a":\u2028}', 3), record('b')]);
    expect(all[0]).to.include({ time: TIME, reason: 'invalid_json', detail: 'why', position: 3, length: 9 });
    expect(all[0]?.origin).to.deep.equal(origin);
  });

  it('is empty at first', async () => {
    expect([await store.count(), await content()]).to.deep.equal([0, []]);
  });

  it('is for its owner only', async () => {
    await keep(record('a'));
    expect((await stat(path())).mode & 0o777).to.equal(0o600);
    expect((await stat(join(directory, 'rejects'))).mode & 0o777).to.equal(0o700);
  });

  it('keeps bytes that are no text as base64', () => {
    const { event, raw_base64 } = toRejectRecord(piece(Buffer.from([0x7b, 0xff])), origin, TIME);
    expect([event, raw_base64]).to.deep.equal([undefined, 'e/8=']);
  });

  it('gives the same piece the same id, and another one to another text, place or origin', () => {
    const ids = [record('a'), record('b'), record('a', 1), toRejectRecord(piece('a'), { input: 'stdin' }, TIME)].map(
      ({ id }) => id,
    );
    expect(new Set(ids).size).to.equal(4);
    expect(toRejectRecord(piece('a'), origin, '2030-01-01T00:00:00Z').id).to.equal(ids[0]);
  });

  it('lists a piece that was rejected twice once', async () => {
    await keep(record('a'), record('b'));
    await keep(record('a'));
    expect([await store.count(), await content()]).to.deep.equal([2, ['a', 'b']]);
  });

  it('survives a torn last line and goes on behind it', async () => {
    await keep(record('a'), record('b'));
    await truncate(path(), (await stat(path())).size - 10);
    expect(await content()).to.deep.equal(['a']);
    store = await openRejectStore(directory);
    await keep(record('c'));
    expect(await content()).to.deep.equal(['a', 'c']);
  });

  it('passes over lines that are no records', async () => {
    await keep(record('a'));
    await appendFile(path(), 'null\n[]\n{"removed":1}\n{"x":1}\n\n');
    await keep(record('b'));
    expect(await content()).to.deep.equal(['a', 'b']);
  });

  it('takes records out, also while another process appends', async () => {
    await keep(record('a'), record('b'));
    const other = await openRejectStore(directory);
    store.append(record('c'));
    await Promise.all([other.remove([record('a').id]), store.flush()]);
    expect(await content()).to.deep.equal(['b', 'c']);
  });

  it('has a piece again that is rejected again after it was taken out', async () => {
    await keep(record('a'));
    await store.remove([record('a').id]);
    expect(await content()).to.deep.equal([]);
    await keep(record('a'));
    expect(await content()).to.deep.equal(['a']);
  });

  it('compacts to what is there', async () => {
    await keep(record('a'), record('b'), record('b'));
    const before = (await stat(path())).size;
    await store.remove([record('a').id]);
    await store.compact();
    expect(await content()).to.deep.equal(['b']);
    expect((await stat(path())).size).to.be.below(before / 2);
  });

  it('is not written anew by who has lost the data_dir meanwhile', async () => {
    await keep(record('a'), record('b'));
    await store.remove([record('a').id]);
    const before = await readFile(path());
    const lost = new ConnectorError('CCX_DATA_DIR_LOST', 'lost');
    const error = await store.compact(() => Promise.reject(lost)).catch((thrown: unknown) => thrown);
    expect(error).to.equal(lost);
    expect(await readFile(path())).to.deep.equal(before);
    expect(await readdir(join(directory, 'rejects'))).to.deep.equal(['rejects.jsonl']);
  });

  it('makes everything durable that was appended before a flush, with many at once', async () => {
    await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        await keep(record(`r${i}`));
        expect(await content()).to.include(`r${i}`);
      }),
    );
    expect(await store.count()).to.equal(50);
  });

  it('keeps records due when the disk refuses them', async () => {
    await rm(join(directory, 'rejects'), { recursive: true });
    store.append(record('a'));
    const error = await store.flush().catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'CCX_REJECT_WRITE');
    await openRejectStore(directory);
    await store.flush();
    expect(await content()).to.deep.equal(['a']);
  });
});
