import { expect } from 'chai';
import { Framer } from '../../../src/decode/framer.js';

const LIMIT = 16 * 1024;
const BYTES = 256 * 1024;

/** Files made to have their bytes read again and again. */
const hostile: Record<string, string> = {
  'objects never closed, one a line': '{"a":[\n',
  'objects never closed on one line': '{"a":[',
  'closed objects inside of objects never closed': '{"a":[\n{},\n',
  'closed and open objects on the same line': '{"a":[\n{},{"a":[\n{},',
  'broken objects': '{x ',
  'broken objects, one a line': '{x\n',
  'objects broken behind a nested one': '{"a":\n{"b":1} x\n',
  'strings never closed': '{"a":"',
  'wrong ends': '{"a":1}{"b":"}{',
  'only braces': '{',
  'only brackets': '[',
  'braces in lines': '{\n',
  text: 'text text ',
  quotes: '"',
  numbers: '1',
};

describe('hostile streams', () => {
  for (const [name, part] of Object.entries(hostile)) {
    it(`reads ${name} in time proportional to their size`, () => {
      const bytes = Buffer.from(part.repeat(BYTES / part.length));
      const framer = new Framer({ resume: { offset: 0, arrayDepth: 0 }, maxEventBytes: LIMIT, rejectRawBytes: 100 });
      for (let at = 0; at < bytes.length; at += LIMIT) framer.push(bytes.subarray(at, at + LIMIT));
      framer.finish();
      expect(framer.scannedBytes).to.be.below(7 * (bytes.length + LIMIT));
    });
  }

  for (const [name, first] of [
    ['a string that is never closed', '"'],
    ['a number without end', '1'],
  ] as const) {
    it(`reads ${name}, come in small pieces, in time proportional to its size`, () => {
      const framer = new Framer({ resume: { offset: 0, arrayDepth: 0 }, maxEventBytes: LIMIT, rejectRawBytes: 100 });
      const piece = Buffer.from('1'.repeat(64));
      framer.push(Buffer.from(first));
      for (let bytes = 0; bytes < BYTES; bytes += piece.length) framer.push(piece);
      framer.finish();
      expect(framer.scannedBytes).to.be.below(2 * BYTES);
    });
  }

  it('keeps the good event behind 10,000 lines that were never closed', () => {
    const bytes = Buffer.from('{"a":[\n'.repeat(10_000) + '{"good":1}\n{"good":2}\n');
    const framer = new Framer({ resume: { offset: 0, arrayDepth: 0 }, maxEventBytes: LIMIT, rejectRawBytes: 100 });
    const found = [...framer.push(bytes), ...framer.finish()].filter((one) => one.kind === 'event');
    expect(found.map((event) => event.text)).to.deep.equal(['{"good":1}', '{"good":2}']);
    expect(framer.scannedBytes).to.be.below(3 * bytes.length);
  });
});
