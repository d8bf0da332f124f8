import { expect } from 'chai';
import { PassThrough, Readable } from 'node:stream';
import { stdinSource } from '../../../src/source/stdin.js';
import type { InputStream } from '../../../src/record.js';

async function first(input: Readable, signal: AbortSignal): Promise<InputStream> {
  for await (const stream of stdinSource(input).streams(signal)) return stream;
  throw new Error('no stream');
}

describe('the standard input source', () => {
  const { signal } = new AbortController();

  it('gives all bytes as one stream that is final and read from its start', async () => {
    const stream = await first(Readable.from([Buffer.from('one'), Buffer.from('two')]), signal);
    const chunks: Buffer[] = [];
    for await (const chunk of stream.bytes) chunks.push(Buffer.from(chunk));
    expect(Buffer.concat(chunks).toString()).to.equal('onetwo');
    expect(stream).to.include({ seeked: false, final: true });
    expect(stream.resume.offset).to.equal(0);
  });

  it('has another id each time', async () => {
    const ids = [await first(Readable.from([]), signal), await first(Readable.from([]), signal)].map(({ id }) => id);
    expect(ids[0]).not.to.equal(ids[1]);
  });

  it('ends when told to although the writer is silent', async () => {
    const stop = new AbortController();
    const input = new PassThrough();
    const stream = await first(input, stop.signal);
    input.write('one');
    const chunks: string[] = [];
    const read = async (): Promise<void> => {
      for await (const chunk of stream.bytes) {
        chunks.push(chunk.toString());
        stop.abort();
      }
    };
    // To end without an error would make a half event look like a cut-off one.
    expect(await read().catch((error: unknown) => error)).to.equal(stop.signal.reason);
    expect(chunks).to.deep.equal(['one']);
  });
});
