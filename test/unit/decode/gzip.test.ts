import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { decodeAll, events, rejects, shown, texts } from './support.js';

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `{"i":${from + i},"x":"${Math.imul(from + i, 2654435761)}"}\n`).join('');

describe('gzip', () => {
  it('reads members one after the other, split anywhere', async () => {
    const stream = Buffer.concat([
      gzipSync(lines(0, 3) + '{"i":'),
      gzipSync(''),
      gzipSync('3}\n'),
      gzipSync(lines(4, 6)),
    ]);
    for (const chunk of [65536, 13, 1]) expect(events(await decodeAll(stream, {}, [chunk]))).to.have.length(6);
  });

  it('reads a header with name, comment, extra field and checksum', async () => {
    const plain = gzipSync('{"a":1}');
    const header = Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9]),
      Buffer.from('name.json\0comment\0'),
      Buffer.from([1, 2]),
    ]);
    for (const chunk of [65536, 1]) {
      expect(shown(await decodeAll(Buffer.concat([header, plain.subarray(10)]), {}, [chunk]))).to.deep.equal([
        '{"a":1}',
      ]);
    }
  });

  it('takes zero bytes behind a member as padding', async () => {
    const stream = Buffer.concat([gzipSync('{"a":1}\n'), Buffer.alloc(700), gzipSync('{"b":1}\n'), Buffer.alloc(5)]);
    expect(shown(await decodeAll(stream))).to.deep.equal(['{"a":1}', '{"b":1}']);
  });

  it('loses no event to garbage behind a member, and tells of it once', async () => {
    const found = await decodeAll(Buffer.concat([gzipSync(lines(0, 500)), Buffer.from('garbage')]));
    expect(events(found)).to.have.length(500);
    expect(rejects(found).map(({ reason, start }) => [reason, start])).to.deep.equal([
      ['gzip_error', lines(0, 500).length],
    ]);
  });

  it('yields all whole events of a file cut at any byte, and one reject with the position', async () => {
    const content = lines(0, 20);
    const stream = gzipSync(content);
    for (let length = 3; length < stream.length; length++) {
      const found = await decodeAll(stream.subarray(0, length));
      const told = rejects(found);
      expect(
        told.map(({ reason }) => reason),
        `${length} bytes`,
      ).to.deep.equal(['truncated']);
      const whole = texts(found).join('\n').length;
      expect(content.startsWith(texts(found).join('\n'))).to.equal(true);
      expect(told[0]?.start).to.be.within(whole, whole + 1);
    }
    expect(events(await decodeAll(stream.subarray(0, -1)))).to.have.length(20);
  });

  it('leaves a file that is cut for later while it may still grow', async () => {
    const stream = gzipSync(lines(0, 20));
    expect(rejects(await decodeAll(stream.subarray(0, -4), { final: false }))).to.deep.equal([]);
  });

  it('yields all events when only the checksum is wrong, and tells of it', async () => {
    const stream = gzipSync(lines(0, 20));
    stream[stream.length - 8] = (stream[stream.length - 8] as number) ^ 1;
    const found = await decodeAll(Buffer.concat([stream, gzipSync('{"next":1}')]));
    expect(events(found)).to.have.length(21);
    expect(rejects(found).map(({ reason }) => reason)).to.deep.equal(['gzip_error']);
  });

  it('tells of corrupt data once, behind events from before it', async () => {
    const stream = gzipSync(lines(0, 30_000));
    stream.fill(0xff, stream.length - 5000, stream.length - 4000);
    const found = await decodeAll(stream);
    expect(events(found).length).to.be.above(20_000);
    expect(rejects(found).filter(({ reason }) => reason === 'gzip_error')).to.have.length(1);
    expect(found.at(-1)?.kind).to.equal('reject');
  });

  it('yields every event before the corrupt byte of a small file, whatever the chunks', async () => {
    const stream = gzipSync(lines(0, 400));
    stream.fill(0xff, stream.length - 200, stream.length - 150);
    const first = await decodeAll(stream);
    expect(events(first).length).to.be.above(300);
    for (const chunk of [1000, 7, 1]) expect(texts(await decodeAll(stream, {}, [chunk]))).to.deep.equal(texts(first));
  });

  it('yields nothing twice when a corrupt piece begins with more than zlib hands out at a time', async () => {
    const stream = gzipSync(`{"x":"${'x'.repeat(500_000)}"}\n${lines(0, 400)}`);
    stream.fill(0xff, stream.length - 200, stream.length - 150);
    expect(texts(await decodeAll(stream))).to.deep.equal(texts(await decodeAll(stream, {}, [1])));
  });

  it('takes a lone magic number as a cut file', async () => {
    expect(rejects(await decodeAll(Buffer.from([0x1f, 0x8b, 8]))).map(({ reason }) => reason)).to.deep.equal([
      'truncated',
    ]);
  });

  it('does not take the magic bytes for gzip in the middle of a plain stream', async () => {
    const rest = Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), Buffer.from('\n{"a":1}')]);
    const found = await decodeAll(rest, { seeked: true, resume: { offset: 10, arrayDepth: 0 } });
    expect(texts(found)).to.deep.equal(['{"a":1}']);
  });
});
