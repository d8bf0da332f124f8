import { expect } from 'chai';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openCheckpoint, type Checkpoint } from '../../../src/checkpoint.js';
import { decode } from '../../../src/decode.js';
import type { InputStream, Position, Source } from '../../../src/record.js';
import { fileSource } from '../../../src/source/file.js';
import { keepLog } from '../../support/sending.js';
import { tempDir } from '../../support/temp-dir.js';

/** What came of one stream: names of events, and reasons of rejects. */
type Found = readonly string[];

describe('a file that grows, as its events are found', () => {
  let folder: string;
  let checkpoint: Checkpoint;
  const at = (name: string): string => join(folder, name);
  const event = (name: string): string => `${JSON.stringify({ name })}\n`;

  beforeEach(async () => {
    const data = await tempDir();
    folder = await tempDir();
    checkpoint = await openCheckpoint(data, { logger: keepLog().log });
  });
  afterEach(() => checkpoint.close());

  /** Decodes a stream and acknowledges it, as a run does. */
  async function take(source: Source, stream: InputStream): Promise<Found> {
    const { resume, seeked, final } = stream;
    const limits = { maxEventBytes: 1e6, maxExpandedBytes: 1e9, rejectRawBytes: 100 };
    const found: string[] = [];
    let position: Position = resume;
    for await (const items of decode(stream.bytes, { resume, seeked, final, ...limits }))
      for (const item of items) {
        found.push(item.kind === 'event' ? (item.value['name'] as string) : item.reason);
        position = item.end;
      }
    await source.ack(stream.id, position, true);
    return found;
  }

  /** Goes on looking until `changes` are made, each after the stream that makes its number, and that many streams came behind them. */
  async function follow(name: string, ...changes: (() => Promise<void>)[]): Promise<Found[]> {
    const config = { type: 'file' as const, paths: [at(name)], poll_interval_s: 0.005 };
    const source = fileSource(config, { once: false, checkpoint, logger: keepLog().log });
    const all: Found[] = [];
    let left = changes.length + 1;
    for await (const stream of source.streams(new AbortController().signal)) {
      all.push(await take(source, stream));
      // A file counts as whole with its final stream.
      if (!stream.final) continue;
      await changes[changes.length + 1 - left]?.();
      if ((left -= 1) === 0) break;
    }
    await source.close();
    return all;
  }

  it('reads of a gzipped file that counted as whole what was added, and that alone', async () => {
    await writeFile(at('a.gz'), gzipSync(event('one') + event('two')));
    const add = (name: string) => (): Promise<void> => appendFile(at('a.gz'), gzipSync(event(name)));
    expect(await follow('a.gz', add('three'), add('four'))).to.deep.equal([['one', 'two'], ['three'], ['four']]);
  });

  it('does so after a restart, too', async () => {
    await writeFile(at('a.gz'), gzipSync(event('one')));
    expect(await follow('a.gz')).to.deep.equal([['one']]);
    await appendFile(at('a.gz'), gzipSync(event('two')));
    expect(await follow('a.gz')).to.deep.equal([['two']]);
  });

  it('cuts no character whose bytes are written one after the other, at whatever byte the file ended', async () => {
    const whole = Buffer.from(event('grüß 日本 🙂'));
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const name = `${cut}.log`;
      await writeFile(at(name), Buffer.concat([Buffer.from(event('first')), whole.subarray(0, cut)]));
      const config = { type: 'file' as const, paths: [at(name)], poll_interval_s: 0.001 };
      const source = fileSource(config, { once: false, checkpoint, logger: keepLog().log });
      const found: string[] = [];
      for await (const stream of source.streams(new AbortController().signal)) {
        found.push(...(await take(source, stream)));
        if (found.length === 2) break;
        await appendFile(at(name), whole.subarray(cut));
      }
      await source.close();
      expect(found, `cut at ${cut}`).to.deep.equal(['first', 'grüß 日本 🙂']);
    }
  });
});
