import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { appendFile, copyFile, link, mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openCheckpoint, type Checkpoint } from '../../../src/checkpoint.js';
import type { InputStream, Source } from '../../../src/record.js';
import { fileSource } from '../../../src/source/file.js';
import { FileProgress } from '../../../src/source/progress.js';
import { lookAt, type FileLook } from '../../../src/source/identity.js';
import { manualClock } from '../../support/manual-clock.js';
import { keepLog, type LogLine } from '../../support/sending.js';
import { tempDir } from '../../support/temp-dir.js';

const DAY_MS = 86_400_000;
const CHUNK = 512 * 1024;
const never = new AbortController().signal;

describe('the file source, when files misbehave', () => {
  let folder: string;
  let data: string;
  let checkpoint: Checkpoint;
  let lines: LogLine[];
  const at = (name: string): string => join(folder, name);

  beforeEach(async () => {
    [folder, data] = await Promise.all([tempDir(), tempDir()]);
    const { log, lines: logged } = keepLog();
    lines = logged;
    checkpoint = await openCheckpoint(data, { logger: log });
  });
  afterEach(() => checkpoint.close());

  const source = (paths: string[], once = true): Source =>
    fileSource(
      { type: 'file', paths: paths.map(at), poll_interval_s: 0.005 },
      { once, checkpoint, logger: keepLogTo(lines) },
    );
  const keepLogTo = (into: LogLine[]) => {
    const { log } = keepLog();
    const warn: typeof log.warn = (...args: unknown[]) =>
      void into.push({ level: 'warn', message: String(args.at(-1)) });
    return { ...log, warn };
  };
  const ack = (from: Source, { id, resume }: InputStream, bytes: number): Promise<void> =>
    from.ack(id, { offset: resume.offset + bytes, arrayDepth: 0 }, true);
  async function text(stream: InputStream): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream.bytes) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString();
  }
  /** Reads what is due, as `run --once` does. */
  async function readOnce(...paths: string[]): Promise<string[]> {
    const from = source(paths);
    const out: string[] = [];
    for await (const stream of from.streams(never)) {
      const content = await text(stream);
      out.push(content);
      await ack(from, stream, Buffer.byteLength(content));
    }
    await from.close();
    return out;
  }
  /** The first stream, and the first chunk of it. */
  async function begin(from: Source): Promise<{ stream: InputStream; bytes: AsyncIterator<Buffer>; chunk: string }> {
    const step = await from.streams(never)[Symbol.asyncIterator]().next();
    const stream = step.value as InputStream;
    const bytes = stream.bytes[Symbol.asyncIterator]();
    const first = await bytes.next();
    return { stream, bytes, chunk: String(first.value) };
  }
  const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

  for (const [what, change] of [
    ['cut', () => truncate(at('a.log'), 10)],
    ['emptied', () => truncate(at('a.log'), 0)],
    [
      'emptied and written to beyond the place reached (copytruncate)',
      async () => {
        await truncate(at('a.log'), 0);
        await appendFile(at('a.log'), 'n'.repeat(3 * CHUNK));
      },
    ],
  ] as const)
    it(`never puts old and new content together when a file is ${what} while it is read`, async () => {
      await writeFile(at('a.log'), 'o'.repeat(2 * CHUNK));
      const from = source(['a.log']);
      const { bytes, chunk } = await begin(from);
      expect(chunk).to.equal('o'.repeat(CHUNK));
      await change();
      expect(await failureOf(bytes.next())).to.include({ code: 'CCX_INPUT_UNREADABLE', place: at('a.log') });
      await from.close();
    });

  it('reads a file that was cut while it was read anew by itself, with a warning, and asks whether its events are stored', async () => {
    await writeFile(at('a.log'), 'o'.repeat(2 * CHUNK));
    const from = source(['a.log'], false);
    const seen: (string | undefined)[] = [];
    for await (const stream of from.streams(never)) {
      if (seen.length === 0) {
        await truncate(at('a.log'), 0);
        await appendFile(at('a.log'), 'new');
      }
      const content = await text(stream).catch(() => undefined);
      seen.push(content);
      if (content === undefined) continue;
      expect(stream.mayBeStored).to.equal(true);
      break;
    }
    await from.close();
    expect(seen).to.deep.equal([undefined, 'new']);
    expect(lines[0]?.message).to.include('cut while it was read; it is looked at again');
  });

  it('reads on while a file grows under it', async () => {
    await writeFile(at('a.log'), 'o'.repeat(2 * CHUNK));
    const from = source(['a.log']);
    const { bytes } = await begin(from);
    await appendFile(at('a.log'), 'more');
    expect((await bytes.next()).value).to.have.length(CHUNK);
    expect((await bytes.next()).done).to.equal(true);
    await from.close();
  });

  it('reads a file to its end that is renamed or deleted while it is read', async () => {
    for (const change of [() => rename(at('a.log'), at('b')), () => rm(at('a.log'))]) {
      await writeFile(at('a.log'), 'o'.repeat(2 * CHUNK));
      const from = source(['a.log']);
      const { bytes } = await begin(from);
      await change();
      expect((await bytes.next()).value).to.have.length(CHUNK);
      await from.close();
    }
  });

  it('reads what was written between the last look and a rotation, and the new file, once each', async () => {
    await writeFile(at('a.log'), 'one\n');
    expect(await readOnce('a.log*')).to.deep.equal(['one\n']);
    await appendFile(at('a.log'), 'two\n');
    await rename(at('a.log'), at('a.log.1'));
    await writeFile(at('a.log'), 'three\n');
    expect((await readOnce('a.log*')).sort()).to.deep.equal(['three\n', 'two\n']);
    expect(await readOnce('a.log*')).to.deep.equal([]);
  });

  it('reads a copy of a file, which has another inode, in whole: its events are known by their ids', async () => {
    await writeFile(at('a.log'), 'one\n');
    await readOnce('a.log*');
    await copyFile(at('a.log'), at('a.log.1'));
    await truncate(at('a.log'), 0);
    expect(await readOnce('a.log*')).to.deep.equal(['one\n']);
  });

  it('reads a file under two names (a hard link, a symbolic one) once', async () => {
    await writeFile(at('a.log'), 'one');
    await link(at('a.log'), at('b.log'));
    await symlink('a.log', at('c.log'));
    expect(await readOnce('*.log')).to.deep.equal(['one']);
  });

  it('walks through no loop of directories, and opens no pipe, socket or device', async () => {
    await mkdir(at('d'));
    await symlink('..', at('d/up'));
    await writeFile(at('d/a'), 'one');
    execFileSync('mkfifo', [at('d/pipe')]);
    await symlink('/dev/zero', at('d/zero'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at('d/socket'), resolve));
    try {
      expect(await readOnce('**')).to.deep.equal(['one']);
      expect(await readOnce('d/*')).to.deep.equal([]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('reads a file that could not be opened for a while', async () => {
    await symlink('a.log', at('a.log'));
    const from = source(['*.log'], false);
    const streams = from.streams(never)[Symbol.asyncIterator]();
    const next = streams.next();
    while (from.fault === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(from.fault.code).to.equal('CCX_INPUT_UNREADABLE');
    await rm(at('a.log'));
    await writeFile(at('a.log'), 'one');
    expect(await text((await next).value as InputStream)).to.equal('one');
    await from.close();
  });

  it('keeps nothing of files that are gone', () => {
    const progress = new FileProgress(checkpoint);
    for (let round = 0; round < 10_000; round += 1) {
      progress.know(look(round), false);
      progress.forget(look(round));
      progress.prune(new Set([`1:${round + 1}`]));
    }
    expect(progress.size).to.equal(0);
  });

  it('keeps the positions of files that exist and are not changed for years', async () => {
    const clock = manualClock(0);
    await checkpoint.close();
    checkpoint = await openCheckpoint(data, { logger: keepLogTo(lines), clock: clock.clock });
    const progress = new FileProgress(checkpoint);
    progress.know(look(1), false);
    progress.know(look(2), false);
    for (let day = 0; day < 400; day += 1) {
      clock.advance(DAY_MS);
      progress.prune(new Set(['1:1']));
    }
    expect([...checkpoint.entries()].map(([, { identity }]) => identity?.['ino'])).to.deep.equal(['1']);
  });

  it('knows a file of the same inode, size and time as another one by its first bytes', async () => {
    await writeFile(at('a.log'), 'one');
    const seen = await lookAt(at('a.log'));
    if (seen === undefined) throw new Error('no file');
    const progress = new FileProgress(checkpoint);
    const { id } = progress.know(seen, false);
    progress.keep(id, { offset: 3, arrayDepth: 0 }, true, { look: seen, final: true });
    expect(progress.know(seen, false).finished).to.equal(true);
    expect(progress.know({ ...seen, head: Buffer.from('two') }, false)).to.include({ finished: false, replaced: id });
  });

  it('takes a file for one whose events may be stored when it begins as another one did, cut and gone though that is', () => {
    const progress = new FileProgress(checkpoint);
    const file = (inode: number, head: string): FileLook => ({
      ...look(inode),
      size: head.length,
      head: Buffer.from(head),
    });
    expect(progress.know(file(1, 'first\n'), false).unsure).to.equal(false);
    progress.forget(file(1, ''));
    expect(progress.know(file(2, 'first\nsecond\n'), false).unsure).to.equal(true);
    expect(progress.know(file(3, 'fir'), false).unsure).to.equal(false);
    expect(progress.know(file(4, 'other\n'), false).unsure).to.equal(false);
  });

  it('takes a compressed copy of a file, be it large, for one whose events may be stored', () => {
    const text = Buffer.from(Array.from({ length: 500 }, (_, n) => `{"n":${n},"id":"${n * 7919}"}\n`).join(''));
    const progress = new FileProgress(checkpoint);
    progress.know({ ...look(1), size: text.length, head: text.subarray(0, 1024) }, false);
    const packed = (inode: number, bytes: Buffer): FileLook => {
      const all = gzipSync(bytes);
      return { ...look(inode), size: all.length, head: all.subarray(0, 1024) };
    };
    expect(progress.know(packed(2, text), false).unsure).to.equal(true);
    expect(progress.know(packed(3, text.subarray(100)), false).unsure).to.equal(false);
  });

  it('knows a compressed copy when it has grown that was too short to tell at first', () => {
    const text = Buffer.from(Array.from({ length: 500 }, (_, n) => `{"n":${n},"id":"${n * 7919}"}\n`).join(''));
    const all = gzipSync(text);
    const progress = new FileProgress(checkpoint);
    const packed = (size: number): FileLook => ({ ...look(2), size, head: all.subarray(0, Math.min(size, 1024)) });
    progress.know({ ...look(1), size: text.length, head: text.subarray(0, 1024) }, false);
    expect(progress.know(packed(10), false).unsure).to.equal(false);
    expect(progress.know(packed(all.length), false).unsure).to.equal(true);
    expect(progress.know(packed(all.length), false).unsure, 'at the next look').to.equal(true);
  });

  it('takes no file for a copy of itself when it has grown', () => {
    const all = gzipSync('{"n":1}\n'.repeat(500));
    const progress = new FileProgress(checkpoint);
    const packed = (size: number): FileLook => ({ ...look(1), size, head: all.subarray(0, size) });
    const { id } = progress.know(packed(10), false);
    progress.keep(id, { offset: 0, arrayDepth: 0 }, false, { look: packed(20), final: true });
    expect(progress.know(packed(40), false)).to.include({ id, unsure: false });
  });

  function look(inode: number): FileLook {
    return { path: at('x'), dev: '1', ino: String(inode), size: 1, mtimeMs: 1, ctimeNs: 1n, head: Buffer.from('x') };
  }
});
