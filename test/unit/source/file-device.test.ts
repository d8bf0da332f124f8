import { expect } from 'chai';
import { appendFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openCheckpoint, type Checkpoint } from '../../../src/checkpoint.js';
import { fileSource } from '../../../src/source/file.js';
import type { FileLook } from '../../../src/source/identity.js';
import { FileProgress } from '../../../src/source/progress.js';
import { keepLog } from '../../support/sending.js';
import { tempDir } from '../../support/temp-dir.js';

describe('files whose device got another number', () => {
  let folder: string;
  let data: string;
  let checkpoint: Checkpoint;
  const { log } = keepLog();
  const at = (name: string): string => join(folder, name);

  beforeEach(async () => {
    [folder, data] = await Promise.all([tempDir(), tempDir()]);
    checkpoint = await openCheckpoint(data, { logger: log });
    await restart(true);
  });
  afterEach(() => checkpoint.close());

  /** As after a restart. `clean`: the run before ended as it should. */
  async function restart(clean: boolean): Promise<void> {
    await checkpoint.begin();
    if (clean) checkpoint.finish();
    await checkpoint.close();
    checkpoint = await openCheckpoint(data, { logger: log });
  }

  /** What was known is of devices with numbers that none has. */
  function renumber(): void {
    for (const [id, { identity, ...entry }] of [...checkpoint.entries()]) {
      checkpoint.delete(id);
      const other = `9${identity?.['dev'] as string}`;
      checkpoint.set(id.replace(/^file:\d+/, `file:${other}`), { ...entry, identity: { ...identity, dev: other } });
    }
  }

  /** What each file gave, and whether it may be stored, as `run --once` reads it. */
  async function read(pattern = '*'): Promise<[string, boolean | undefined][]> {
    const config = { type: 'file' as const, paths: [at(pattern)], poll_interval_s: 1 };
    const source = fileSource(config, { once: true, checkpoint, logger: log });
    const out: [string, boolean | undefined][] = [];
    for await (const stream of source.streams(new AbortController().signal)) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream.bytes) chunks.push(Buffer.from(chunk));
      const bytes = Buffer.concat(chunks);
      out.push([bytes.toString('latin1'), stream.mayBeStored]);
      await source.ack(stream.id, { offset: stream.resume.offset + bytes.length, arrayDepth: 0 }, true);
    }
    await source.close();
    return out;
  }

  it('are read on where they were, each time', async () => {
    await writeFile(at('a.log'), 'one');
    await read();
    for (const more of ['two', 'three']) {
      renumber();
      await restart(true);
      await appendFile(at('a.log'), more);
      expect(await read()).to.deep.equal([[more, false]]);
    }
    expect([...checkpoint.entries()], 'entries').to.have.length(1);
  });

  it('are in doubt behind their position when the run before did not end cleanly', async () => {
    await writeFile(at('a.log'), 'one');
    await read();
    renumber();
    await restart(false);
    await appendFile(at('a.log'), 'two');
    expect(await read()).to.deep.equal([['two', true]]);
  });

  it('are not read again when they were finished', async () => {
    await writeFile(at('a.log'), 'one');
    await writeFile(at('b.log.gz'), gzipSync('two'));
    expect(await read()).to.have.length(2);
    renumber();
    await restart(true);
    expect(await read()).to.deep.equal([]);
  });

  it('are read anew, and looked up, when they were cut', async () => {
    await writeFile(at('a.log'), 'one two three');
    await read();
    renumber();
    await restart(true);
    await writeFile(at('a.log'), 'one');
    expect(await read()).to.deep.equal([['one', true]]);
  });

  it('are read anew, and looked up, under another name', async () => {
    await writeFile(at('a.log'), 'one');
    await read();
    renumber();
    await restart(true);
    await rename(at('a.log'), at('b.log'));
    expect(await read()).to.deep.equal([['one', true]]);
  });

  it('are each known when two devices exchanged their numbers', () => {
    const look = (path: string, dev: string): FileLook => {
      const head = Buffer.from(`first bytes of ${path}`);
      return { path, dev, ino: '12', size: head.length, mtimeMs: 1, ctimeNs: 1n, head };
    };
    const before = new FileProgress(checkpoint);
    for (const [n, file] of [look('/a/x', '1'), look('/b/x', '2')].entries()) {
      const position = { offset: n + 1, arrayDepth: 0 };
      before.keep(before.know(file, false).id, position, true, { look: file, final: true });
    }
    const after = new FileProgress(checkpoint);
    for (const round of ['first', 'second'])
      for (const [n, file] of [look('/a/x', '2'), look('/b/x', '1')].entries())
        expect(after.know(file, false), `${round} look`).to.deep.include({
          position: { offset: n + 1, arrayDepth: 0 },
          finished: true,
          unsure: false,
        });
  });

  it('are not taken for one that comes after the first look with the inode and path of another', () => {
    const head = Buffer.from('one');
    const look: FileLook = { path: '/a/x', dev: '1', ino: '12', size: 3, mtimeMs: 1, ctimeNs: 1n, head };
    const before = new FileProgress(checkpoint);
    before.keep(before.know(look, false).id, { offset: 3, arrayDepth: 0 }, true, { look, final: true });
    const after = new FileProgress(checkpoint);
    after.endFirstLook();
    expect(after.know({ ...look, dev: '2' }, false)).to.include({ finished: false, unsure: true });
  });
});
