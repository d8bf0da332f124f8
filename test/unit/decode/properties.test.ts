import { expect } from 'chai';
import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import type { Decoded, DecodedEvent } from '../../../src/record.js';
import { decodeAll, events, rejects } from './support.js';

const space = fc.stringMatching(/^[ \t\r\n]{0,4}$/);
const object = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }));
const text = fc
  .tuple(object, fc.constantFrom(undefined, 2, '\t'))
  .map(([value, indent]) => JSON.stringify(value, null, indent));
const chunks = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 });

/** A stream as bytes, with the texts of its events and where each begins. */
interface Stream {
  readonly bytes: string;
  readonly texts: readonly string[];
  readonly starts: readonly number[];
}

/** Objects with white space around them, plainly one after the other or in arrays. */
const stream: fc.Arbitrary<Stream> = fc
  .array(fc.record({ text, before: space, after: space, array: fc.constantFrom('none', 'open', 'close', 'whole') }), {
    maxLength: 8,
  })
  .map((parts) => {
    let bytes = '';
    let inArray = false;
    let first = true;
    const starts: number[] = [];
    for (const part of parts) {
      if (!inArray && (part.array === 'open' || part.array === 'whole'))
        [bytes, inArray, first] = [`${bytes}[`, true, true];
      bytes += (inArray && !first ? ',' : '') + part.before;
      first = false;
      starts.push(Buffer.byteLength(bytes));
      bytes += part.text + part.after;
      if (inArray && (part.array === 'close' || part.array === 'whole')) [bytes, inArray] = [`${bytes}]`, false];
    }
    return { bytes: inArray ? `${bytes}]` : bytes, texts: parts.map((part) => part.text), starts };
  });

const facts = ({ text, value, start, end }: DecodedEvent): unknown => [text, value, start, end];

describe('properties of decoding', () => {
  it('gives exactly the objects of a stream at their places, in any format, gzip or not, in any chunks', () =>
    fc.assert(
      fc.asyncProperty(stream, fc.boolean(), chunks, async ({ bytes, texts, starts }, zipped, lengths) => {
        const found = await decodeAll(zipped ? gzipSync(bytes) : bytes, {}, lengths);
        expect(rejects(found)).to.deep.equal([]);
        const clean = texts.map((one) => Buffer.from(one).toString());
        expect(events(found).map((event) => event.text)).to.deep.equal(clean);
        expect(events(found).map((event) => event.start)).to.deep.equal(starts);
        expect(events(found).map((event) => event.value)).to.deep.equal(clean.map((one) => JSON.parse(one) as unknown));
      }),
      { numRuns: 300 },
    ));

  it('gives exactly the remaining events when it goes on at the end of any event', () =>
    fc.assert(
      fc.asyncProperty(stream, fc.boolean(), chunks, async ({ bytes }, zipped, lengths) => {
        const raw = Buffer.from(bytes);
        const all = events(await decodeAll(raw));
        for (const [i, { end }] of all.entries()) {
          const seeked = !zipped && i % 2 === 0;
          const rest = seeked ? raw.subarray(end.offset) : zipped ? gzipSync(raw) : raw;
          const found = await decodeAll(rest, { resume: end, seeked }, lengths);
          expect(found.map((one) => one.kind)).not.to.include('reject');
          expect(events(found).map(facts)).to.deep.equal(all.slice(i + 1).map(facts));
        }
      }),
      { numRuns: 100 },
    ));

  it('gives the same whatever the chunks, also of bytes that make no sense', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.constantFrom(
            '{',
            '}',
            '[',
            ']',
            ',',
            ':',
            '"',
            '\\',
            '\n',
            ' ',
            '1',
            'a',
            '"k":',
            '{"a":1}',
            '\n{',
            '\ufeff',
            '\xff',
          ),
          { maxLength: 60 },
        ),
        chunks,
        async (parts, lengths) => {
          const bytes = Buffer.from(parts.join(''), parts.length % 2 === 0 ? 'latin1' : 'utf8');
          const limits = { maxEventBytes: 12, rejectRawBytes: 12 };
          expect(told(await decodeAll(bytes, limits, lengths))).to.deep.equal(told(await decodeAll(bytes, limits)));
        },
      ),
      { numRuns: 1000 },
    ));

  it('leaves the bytes of each event as they were read, until the next piece is decoded', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' })), { minLength: 1 }),
        chunks,
        async (objects, lengths) => {
          const found = events(
            await decodeAll(Buffer.from(objects.map((one) => JSON.stringify(one)).join('\n')), {}, lengths),
          );
          for (const { text, buffer, from, to } of found) expect(buffer.toString('utf8', from, to)).to.equal(text);
          expect(found).to.have.length(objects.length);
        },
      ),
      { numRuns: 500 },
    ));

  it('accounts for every byte that is not white space, a comma, a bracket or a BOM', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\n', ' ', 'a', '{"a":1}'), { maxLength: 60 }),
        async (parts) => {
          const bytes = Buffer.from(parts.join(''));
          let at = 0;
          for (const one of await decodeAll(bytes)) {
            const length = one.kind === 'event' ? one.text.length : one.length;
            expect(bytes.toString('utf8', at, one.start)).to.match(/^[\s,[\]]*$/);
            expect(one.start).to.be.at.least(at);
            at = one.start + length;
          }
          expect(bytes.toString('utf8', at)).to.match(/^[\s,[\]]*$/);
        },
      ),
      { numRuns: 1000 },
    ));

  it('never loses a neighbour in JSON lines, whatever happens to one line', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          object.map((value) => JSON.stringify(value)),
          { minLength: 1, maxLength: 6 },
        ),
        fc.nat(),
        fc.uint8Array({ maxLength: 6 }).map((bytes) => bytes.map((byte) => (byte === 10 ? 0 : byte))),
        fc.nat(),
        fc.nat({ max: 20 }),
        chunks,
        async (lines, which, inserted, where, removed, lengths) => {
          const victim = which % lines.length;
          const line = Buffer.from(lines[victim] as string);
          const at = where % (line.length + 1);
          const broken = Buffer.concat([line.subarray(0, at), inserted, line.subarray(at + removed)]);
          const join = (some: readonly string[]): Buffer => Buffer.from(some.map((one) => `${one}\n`).join(''));
          const bytes = Buffer.concat([
            join(lines.slice(0, victim)),
            broken,
            Buffer.from('\n'),
            join(lines.slice(victim + 1)),
          ]);
          const found = events(await decodeAll(bytes, {}, lengths));
          const neighbours = [...lines.slice(0, victim), ...lines.slice(victim + 1)].map((one) =>
            Buffer.from(one).toString(),
          );
          const from = join(lines.slice(0, victim)).length;
          const outside = found.filter(({ start }) => start < from || start > from + broken.length);
          expect(outside.map((event) => event.text)).to.deep.equal(neighbours);
        },
      ),
      { numRuns: 1000 },
    ));
});

/** What was decoded, with the bytes of events instead of the buffers they share: those depend on the chunks. */
function told(all: readonly Decoded[]): object[] {
  return all.map((one) => {
    if (one.kind === 'reject') return one;
    const { buffer, from, to, ...event } = one;
    return { ...event, bytes: buffer.toString('latin1', from, to) };
  });
}
