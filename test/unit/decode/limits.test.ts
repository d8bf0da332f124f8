import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { decodeAll, events, rejects, shown, texts } from './support.js';

const A = '{"a":1}';
const big = (bytes: number): string => `{"b":"${'x'.repeat(bytes - 8)}"}`;

describe('limits of decoding', () => {
  for (const chunk of [65536, 9]) {
    it(`takes an event of exactly the limit and rejects one byte more (chunks of ${chunk})`, async () => {
      const found = await decodeAll(`${A}\n${big(100)}\n${big(101)}\n${A}`, { maxEventBytes: 100 }, [chunk]);
      expect(texts(found)).to.deep.equal([A, big(100), A]);
      expect(rejects(found).map(({ reason, start, length }) => [reason, start, length])).to.deep.equal([
        ['too_large', 109, 101],
      ]);
    });

    it(`cuts what it keeps of a large event and finds the next one right behind it (chunks of ${chunk})`, async () => {
      const stream = `[${big(5000)},${A}]${big(300)}${A}`;
      const found = await decodeAll(stream, { maxEventBytes: 100, rejectRawBytes: 10 }, [chunk]);
      expect(shown(found)).to.deep.equal(['too_large: {"b":"xxxx', A, 'too_large: {"b":"xxxx', A]);
      expect(rejects(found).map(({ length }) => length)).to.deep.equal([5000, 300]);
    });

    it(`finds the next line behind a large event that is broken (chunks of ${chunk})`, async () => {
      for (const broken of [big(500).slice(0, -2), `{"c":[${'1,'.repeat(200)}`, big(500).slice(0, -1)]) {
        const found = await decodeAll(`${broken}\n${A}\n`, { maxEventBytes: 100 }, [chunk]);
        expect(texts(found)).to.deep.equal([A]);
        expect(rejects(found).map(({ reason }) => reason)).to.deep.equal(['too_large']);
      }
    });
  }

  it('gives back the neighbours that a broken event has swallowed up to the limit', async () => {
    const lines = Array.from({ length: 50 }, (_, i) => `{"i":${i}},`).join('\n');
    const found = await decodeAll(`[\n{"a":[1,\n${lines}\n]`, { maxEventBytes: 100 });
    expect(events(found)).to.have.length(50);
    expect(shown(found)[0]).to.equal('too_large: {"a":[1,');
  });

  it('cuts long text that is no JSON into pieces, none of it lost', async () => {
    const stream = 'x'.repeat(250);
    const found = rejects(await decodeAll(`${stream}\n${A}`, { maxEventBytes: 100, rejectRawBytes: 100 }));
    expect(found.map(({ raw }) => raw.toString()).join('')).to.equal(stream);
    expect(found.map(({ length }) => length)).to.deep.equal([100, 100, 50]);
  });

  it('stops at the limit of expansion with one reject, behind all events up to there', async () => {
    const line = `${big(99)}\n`;
    const found = await decodeAll(gzipSync(line.repeat(1000)), { maxExpandedBytes: 1050 });
    expect(events(found)).to.have.length(10);
    expect(rejects(found).map(({ reason, start }) => [reason, start])).to.deep.equal([['expansion_limit', 1000]]);
  });

  it('allows an expansion of exactly the limit', async () => {
    const stream = `${A}\n${A}`;
    expect(shown(await decodeAll(gzipSync(stream), { maxExpandedBytes: stream.length }))).to.deep.equal([A, A]);
  });

  it('does not limit the size of what is not compressed', async () => {
    expect(shown(await decodeAll(`${A}\n${A}`, { maxExpandedBytes: 3 }))).to.deep.equal([A, A]);
  });
});
