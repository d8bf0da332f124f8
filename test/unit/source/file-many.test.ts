import { expect } from 'chai';
import fs from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoint, type Checkpoint } from '../../../src/checkpoint.js';
import type { Source } from '../../../src/record.js';
import { fileSource } from '../../../src/source/file.js';
import { keepLog } from '../../support/sending.js';

const FILES = 1500;
const NAMES = ['open', 'stat', 'readdir'] as const;
type Calls = Record<(typeof NAMES)[number], number>;

describe('a directory of 1,500 files', function () {
  this.timeout(120_000);
  const real = { open: fs.promises.open, stat: fs.promises.stat, readdir: fs.promises.readdir };
  let calls: Calls;
  let folder: string;
  let data: string;
  let checkpoint: Checkpoint;

  /** The same functions, counted: time says little on a machine that does other things. */
  function count(): void {
    calls = { open: 0, stat: 0, readdir: 0 };
    for (const name of NAMES) {
      const call = real[name] as (...args: unknown[]) => unknown;
      Object.assign(fs.promises, {
        [name]: (...args: unknown[]) => {
          if (String(args[0]).startsWith(folder)) calls[name] += 1;
          return call(...args);
        },
      });
    }
    syncBuiltinESMExports();
  }

  before(async () => {
    data = fs.mkdtempSync(join(tmpdir(), 'many-data-'));
    folder = fs.mkdtempSync(join(tmpdir(), 'many-'));
    await Promise.all(Array.from({ length: FILES }, (_, i) => writeFile(join(folder, `${i}.log`), `${i}`)));
  });
  after(() => {
    for (const path of [data, folder]) fs.rmSync(path, { recursive: true });
  });
  beforeEach(async () => {
    checkpoint = await openCheckpoint(data, { logger: keepLog().log });
  });
  afterEach(async () => {
    Object.assign(fs.promises, real);
    syncBuiltinESMExports();
    await checkpoint.close();
  });

  const open = (once: boolean): Source =>
    fileSource({ type: 'file', paths: [folder], poll_interval_s: 0.001 }, { once, checkpoint, logger: keepLog().log });

  it('costs a look two listings, one stat for each file, and two openings for each that is new', async () => {
    count();
    const source = open(true);
    let streams = 0;
    for await (const { id, bytes } of source.streams(new AbortController().signal)) {
      for await (const chunk of bytes) await source.ack(id, { offset: chunk.length, arrayDepth: 0 }, true);
      streams += 1;
    }
    await source.close();
    expect(streams).to.equal(FILES);
    expect(calls).to.deep.equal({ readdir: 2, stat: FILES + 1, open: 2 * FILES });
  });

  it('costs the first look after a restart one opening each, and later ones none', async () => {
    count();
    const source = open(false);
    const stop = new AbortController();
    const next = source.streams(stop.signal)[Symbol.asyncIterator]().next();
    // The seventh listing begins when the third look is over.
    while (calls.readdir < 7) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    expect(await next).to.deep.equal({ done: true, value: undefined });
    expect(calls.open).to.equal(FILES);
    expect(calls.stat).to.be.within(3 * (FILES + 1), (calls.readdir / 2 + 1) * (FILES + 1));
    await source.close();
  });
});
