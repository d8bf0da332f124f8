import { expect } from 'chai';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { sampleEvents, sampleFlows } from '../../../../src/sample/events.js';
import { createCore } from '../../../../src/map/known/core.js';
import type { JsonObject } from '../../../../src/record.js';
import { arbitraryEvent } from '../../../support/arbitrary-events.js';
import { asWritten, BothWays } from '../../../support/both-ways.js';
import { flips } from '../../../support/damage.js';
import { fileForms, sampleEnd, sampleTexts } from '../../../support/event-files.js';
import { hostileTexts } from '../../../support/hostile-texts.js';
import { nastyEvents } from '../../../support/nasty-events.js';

const both = new BothWays({ internalNetworks: ['10.20.0.0/16'] });

/** Demands that recognizing gives what parsing gives, and again when everything was seen before. @returns share recognized */
async function expectSame(bytes: Buffer | string, chunkBytes?: number, ways = both): Promise<number> {
  const data = Buffer.from(bytes);
  const expected = await ways.parsing(data);
  let recognized = 0;
  for (let turn = 0; turn < 2; turn++) {
    const found = await ways.recognizing(data, chunkBytes);
    recognized = found.recognized;
    expect(found.pieces.length).to.equal(expected.pieces.length);
    for (const [i, piece] of found.pieces.entries()) expect(piece).to.equal(expected.pieces[i]);
    expect(found.body).to.equal(expected.body);
    expect(found.origins).to.deep.equal(expected.origins);
  }
  return recognized / expected.pieces.length;
}

/** One event of each kind that has a list, as the vendor writes it, all of whose values fit. */
const oneOfEach = new Map<string, string>();
for (const text of sampleEvents({ seed: 7, count: 400, end: sampleEnd })) {
  oneOfEach.set((JSON.parse(text) as { eventName: string }).eventName, text);
}
const casesFolder = new URL('../../../cases/', import.meta.url);
const cases = readdirSync(casesFolder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.input.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, casesFolder), 'utf8')) as JsonObject);

describe('map: events of known form', function () {
  this.timeout(120_000);

  it('are nearly all of the sample flows', async () => {
    const texts = [...sampleFlows({ seed: 3, count: 3000, end: sampleEnd })];
    expect(await expectSame(`${texts.join('\n')}\n`, 32 * 1024)).to.be.greaterThan(0.99);
  });

  it('are nearly all of the sample events of all kinds', async () => {
    const texts = [...sampleEvents({ seed: 3, count: 3000, end: sampleEnd })];
    expect(await expectSame(texts.join('\n'), 32 * 1024)).to.be.greaterThan(0.99);
  });

  for (const [form, write] of Object.entries(fileForms)) {
    it(`have the same documents in ${form}`, async () => {
      expect(await expectSame(write(sampleTexts(40)))).to.be.greaterThan(0.9);
    });
  }

  it('have the same documents wherever chunks end', async () => {
    const data = Buffer.from(`${[...oneOfEach.values()].join('\n')}\n`);
    for (let size = 1; size < 1600; size += size < 32 ? 1 : 97) await expectSame(data, size);
  });

  it('have the same documents under another namespace and with event.ingested', async () => {
    const other = new BothWays({ namespace: 'ns-2', setIngested: true });
    expect(await expectSame([...oneOfEach.values()].join('\n'), 4096, other)).to.be.greaterThan(0.5);
  });

  it('have the same documents when any of the keys is missing, null, empty, a number, a text or a word', async () => {
    for (const text of oneOfEach.values()) {
      const event = JSON.parse(text) as JsonObject & { log?: JsonObject };
      const changed = [undefined, null, '', 0, 7, -1, 1.5, '7', 'x', true, 'true', {}, [], 'ü', '😀', '\u007f', '\n"'];
      const events = changed.flatMap((value) => [
        ...Object.keys(event).map((key) => ({ ...event, [key]: value })),
        ...Object.keys(event.log ?? {}).map((key) => ({ ...event, log: { ...event.log, [key]: value } })),
      ]);
      await expectSame(events.map((one) => JSON.stringify(one)).join('\n'));
    }
  });

  it('have the same documents with numbers at their limits', async () => {
    const numbers =
      '0 -0 00 01 9 10 65535 65536 -5 1e2 1.0 999999999999999 1000000000000000 9007199254740993 1e400'.split(' ');
    const texts = [...oneOfEach.values()].flatMap((text) =>
      numbers.map((number) => text.replace(/:(\d+)([,}])/g, `:${number}$2`)),
    );
    await expectSame(texts.join('\n'));
  });

  it('have the same documents whatever vendor events hold, when they are written as the vendor does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryEvent, { minLength: 1, maxLength: 8 }), async (events) => {
        await expectSame(events.map(asWritten).join('\n'));
      }),
      { numRuns: 1000 },
    );
  });

  it('have the same documents whatever the order of keys, and however often one is there', async () => {
    const text = oneOfEach.get('flow-established') ?? '';
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.boolean(), async (a, b, twice) => {
        const members = text.slice(1, -1).split(/,(?=")/);
        const [from, to] = [a % members.length, b % members.length];
        const moved = members[from] ?? '';
        if (!twice) members.splice(from, 1);
        members.splice(to, 0, moved);
        await expectSame(`{${members.join()}}`);
      }),
      { numRuns: 400 },
    );
  });

  it('have the same documents whatever their times', async () => {
    const digits = (length: number): fc.Arbitrary<string> =>
      fc.array(fc.constantFrom(...'0123456789'), { minLength: length, maxLength: length }).map((all) => all.join(''));
    const number = (min: number, max: number, length: number): fc.Arbitrary<string> =>
      fc.oneof(
        { weight: 20, arbitrary: fc.integer({ min, max }).map((value) => String(value).padStart(length, '0')) },
        { weight: 1, arbitrary: digits(length) },
        { weight: 1, arbitrary: fc.constantFrom('-1', '1e', ' 1', '', '999') },
      );
    const fraction = fc.oneof(
      fc.constant(''),
      fc
        .integer({ min: 0, max: 10 })
        .chain(digits)
        .map((all) => `.${all}`),
    );
    const zone = fc.oneof(
      fc.constantFrom('Z', '', 'z', '+', '+00:00', '-18:00', '+18:01', '+19:00', '-05:60', '+0530', 'ZZ'),
      fc.tuple(fc.constantFrom('+', '-'), number(0, 19, 2), number(0, 59, 2)).map(([sign, h, m]) => `${sign}${h}:${m}`),
    );
    const time = fc
      .tuple(
        number(0, 9999, 4),
        number(1, 12, 2),
        number(1, 31, 2),
        number(0, 24, 2),
        number(0, 60, 2),
        number(0, 60, 2),
      )
      .chain(([y, mo, d, h, mi, s]) =>
        fc
          .tuple(
            fraction,
            zone,
            fc.constantFrom('T', 'T', 'T', 'T', ' ', 't'),
            fc.constantFrom('-', '-', '-', '-', '/'),
          )
          .map(([part, offset, t, dash]) => `${y}${dash}${mo}-${d}${t}${h}:${mi}:${s}${part}${offset}`),
      );
    const text = oneOfEach.get('flow-established') ?? '';
    await fc.assert(
      fc.asyncProperty(fc.array(time, { minLength: 40, maxLength: 40 }), async (times) => {
        const lines = times.map((one) => text.replace(/"timestamp":"[^"]*"/, `"timestamp":"${one}"`));
        await expectSame(lines.join('\n'), 16 * 1024);
      }),
      { numRuns: 200 },
    );
    const leaps = ['0000-01-01', '1969-12-31', '1900-02-29', '2000-02-29', '2023-02-29', '2024-02-29', '9999-12-31'];
    const lines = leaps.map((day) => text.replace(/"timestamp":"[^"]*"/, `"timestamp":"${day}T23:59:59.999Z"`));
    expect(await expectSame(lines.join('\n'))).to.equal(5 / 7);
  });

  it('have the same documents and rejects when any byte is another one', async () => {
    for (const text of oneOfEach.values()) {
      const damaged = [...flips(Buffer.from(text))].filter((_, i) => i % 7 === 0);
      await expectSame(Buffer.concat(damaged.flatMap(({ bytes }) => [bytes, Buffer.from('\n')])), 64 * 1024);
    }
  });

  it('have the same documents with hostile names and bytes that are no UTF-8', async () => {
    const names = Object.values(hostileTexts).map((name) => Buffer.from(JSON.stringify(name).slice(1, -1)));
    const broken = ['c3', 'c328', 'ff', 'eda080', 'f0288cbc', 'c0af', 'f4908080'].map((hex) => Buffer.from(hex, 'hex'));
    const event = JSON.stringify({ ...(JSON.parse(oneOfEach.get('flow-established') ?? '') as object), traceId: '@@' });
    for (const target of ['@@', 'flow-established', 'Device', '100.96.1']) {
      const [before = '', after = ''] = event.split(target);
      const lines = [...names, ...broken].flatMap((name) => [Buffer.from(before), name, Buffer.from(`${after}\n`)]);
      await expectSame(Buffer.concat(lines));
    }
  });

  it('have the same documents in nasty events and in every case', async () => {
    const texts = [
      ...Object.values(nastyEvents()),
      ...cases.map((event) => JSON.stringify(event)),
      ...cases.map(asWritten),
    ];
    for (const text of texts) await expectSame(`${text}\n${oneOfEach.get('flow-established') ?? ''}`);
  });

  it('have the same documents when more is to be kept than there is room for', async () => {
    const event = JSON.parse(oneOfEach.get('flow-established') ?? '') as JsonObject & { log: JsonObject };
    const long = 'x'.repeat(3000);
    const texts = Array.from({ length: 3000 }, (_, i) =>
      JSON.stringify({
        ...event,
        log: { ...event.log, clientSessionId: `s${i % 1600}`, sourceEntityName: `${long}${i % 1600}` },
      }),
    );
    expect(await expectSame(texts.join('\n'), 1 << 20)).to.be.greaterThan(0.99);
  });

  it('have the same documents when all that is kept of them belongs to one place, or two', async () => {
    const texts = [...oneOfEach.values()];
    for (const [places, least] of [
      [1, 0],
      [2, 0],
      [4096, 0.5],
    ] as const) {
      const ways = new BothWays({}, undefined, () => createCore(places));
      const lines = Array.from({ length: 300 }, (_, i) => texts[i % texts.length]);
      expect(await expectSame(lines.join('\n'), 4096, ways)).to.be.at.least(least);
    }
  });

  it('have the same documents when streams are read side by side, and end in the middle of an event', async () => {
    const texts = sampleTexts(60);
    const streams = Array.from({ length: 6 }, (_, i) => {
      const whole = texts.slice(10 * i, 10 * i + 10).join('\n');
      return Buffer.from(whole.slice(0, -1 - 97 * i));
    });
    const expected = await Promise.all(streams.map((bytes) => both.parsing(bytes)));
    for (const length of [500, 3000, 1 << 20]) {
      const found = await Promise.all(streams.map((bytes) => both.recognizing(bytes, length)));
      expect(found.map(({ pieces, body, origins }) => [pieces, body, origins])).to.deep.equal(
        expected.map(({ pieces, body, origins }) => [pieces, body, origins]),
      );
    }
  });

  it('have the same documents when they say at length where they were read', async () => {
    const text = oneOfEach.get('flow-established') ?? '';
    for (const [length, share] of [
      [7000, 1],
      [20_000, 0],
    ] as const) {
      const ways = new BothWays({}, { input: 's3', bucket: 'b', key: 'x'.repeat(length) });
      expect(await expectSame([text, text].join('\n'), 64 * 1024, ways)).to.equal(share);
    }
  });

  it('have the same documents when they are larger than what is taken as it is', async () => {
    const event = JSON.parse(oneOfEach.get('flow-established') ?? '') as JsonObject & { log: JsonObject };
    const texts = [4_000, 15_000, 16_500, 40_000, 70_000].flatMap((length) => [
      JSON.stringify({ ...event, traceId: 'x'.repeat(length) }),
      JSON.stringify({ ...event, log: { ...event.log, sourceEntityName: 'ü'.repeat(length / 2) } }),
    ]);
    await expectSame(texts.join('\n'));
  });
});
