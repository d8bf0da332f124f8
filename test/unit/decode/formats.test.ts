import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { decodeAll, events, rejects, shown, texts } from './support.js';

const A = '{"a":1}';
const B = '{"b":{"c":[1,{"d":"}{"}]}}';

describe('the formats a stream may have', () => {
  const pretty = JSON.stringify(JSON.parse(B), null, 2);
  const streams: Record<string, [string, string[]]> = {
    'one object': [A, [A]],
    'JSON lines': [`${A}\n${B}\n`, [A, B]],
    'JSON lines with CRLF, blank lines and no last newline': [`${A}\r\n\r\n\r\n${B}`, [A, B]],
    'concatenated objects': [A + B + A, [A, B, A]],
    'objects with spaces and tabs between them': [`${A} \t ${B}\t${A}`, [A, B, A]],
    'an array': [`[${A},${B}]`, [A, B]],
    'an array with white space everywhere': [`\n [ \r\n ${A} \t,\n ${B} \n ] \n`, [A, B]],
    'several arrays one after the other': [`[${A}]\n[${B},${A}][]${'[ ]'}[${A}]`, [A, B, A, A]],
    'pretty-printed objects': [`${pretty}\n${pretty}\n${A}\n`, [pretty, pretty, A]],
    'a BOM at the start and before other values': [`\ufeff${A}\n\ufeff${B}\ufeff[\ufeff${A}]`, [A, B, A]],
    'a newline between colon and brace': ['{"a":\n{"x":1}}\n{"b":2}', ['{"a":\n{"x":1}}', '{"b":2}']],
    nothing: ['', []],
    'white space only': [' \n\r\n\t', []],
    'an empty array': ['[]', []],
  };
  for (const [name, [stream, expected]] of Object.entries(streams)) {
    for (const chunk of [65536, 7, 1]) {
      it(`reads ${name} in chunks of ${chunk}`, async () => {
        expect(shown(await decodeAll(stream, {}, [chunk]))).to.deep.equal(expected);
        expect(shown(await decodeAll(gzipSync(stream), {}, [chunk]))).to.deep.equal(expected);
      });
    }
  }

  it('gives the place of each event in bytes and whether an array is open behind it', async () => {
    const found = events(await decodeAll(`\ufeff[{"ä":1}, ${A}]${A}`));
    expect(found.map(({ start, end }) => [start, end.offset, end.arrayDepth])).to.deep.equal([
      [4, 12, 1],
      [14, 21, 1],
      [22, 29, 0],
    ]);
  });

  it('takes `__proto__`, NUL escapes and lone surrogate escapes as data', async () => {
    const text = '{"__proto__":{"x":1},"a":"\\u0000","b":"\\ud800"}';
    const [event] = events(await decodeAll(text));
    expect(Object.keys(event?.value ?? {})).to.deep.equal(['__proto__', 'a', 'b']);
    expect(event?.value['b']).to.equal('\ud800');
    expect({}).not.to.have.property('x');
  });

  it('replaces invalid UTF-8 and keeps the bytes apart', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"a":"'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('"}\n{"b":"\ufffd ü"}\n'),
    ]);
    const [broken, whole] = events(await decodeAll(bytes));
    expect(broken?.value).to.deep.equal({ a: '\ufffd\ufffd' });
    expect(broken?.rawText).to.equal('{"a":"\xff\xc3"}');
    expect(whole?.value).to.deep.equal({ b: '\ufffd ü' });
    expect(whole).not.to.have.property('rawText');
  });

  it('hands on an event of 500,000 nested brackets', async () => {
    const deep = `{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`;
    for (const stream of [`${deep}\n${A}\n`, `${deep} ${A}`]) {
      expect(texts(await decodeAll(stream, { maxEventBytes: 2_000_000 }))).to.deep.equal([deep, A]);
    }
  });

  it('survives 500,000 brackets at top level with one reject', async () => {
    const found = await decodeAll('['.repeat(500_000));
    expect(rejects(found).map((reject) => [reject.reason, reject.start])).to.deep.equal([['truncated', 500_000]]);
  });
});
