import { expect } from 'chai';
import { isAscii } from 'node:buffer';
import fc from 'fast-check';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { compileCanonical } from '../../../src/map/canonical.js';
import { loadMappings, type EventMapping } from '../../../src/map/list.js';
import { sampleFlows } from '../../../src/sample/events.js';
import { createMapper, mapContext, type Mapper } from '../../../src/map/mapper.js';
import { createValidator } from '../../../src/validate.js';
import type { JsonObject, MappedEvent } from '../../../src/record.js';
import { arbitraryEvent } from '../../support/arbitrary-events.js';
import { referenceDocument } from '../../support/reference-mapper.js';

const readAt = new Date('2026-01-02T03:04:05.678Z');
const mapper = createMapper();
const validate = createValidator();

function mapText(text: string, by: Mapper = mapper): MappedEvent {
  return by.map({ text, value: JSON.parse(text) as JsonObject }, validate, mapContext(readAt));
}

function documentOf(event: JsonObject, by?: Mapper): JsonObject {
  return JSON.parse(mapText(JSON.stringify(event), by).source) as JsonObject;
}

/** Faults may be told in any order. */
function comparable(document: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(document).toWellFormed()) as { error?: { message: string } };
  if (copy.error !== undefined) copy.error.message = copy.error.message.split('; ').sort().join('; ');
  return copy;
}

const flow = (header: JsonObject, log: JsonObject = {}): JsonObject => ({
  timestamp: '2023-12-20T11:21:41.000000Z',
  eventName: 'flow-established',
  ...header,
  log,
});

/** What is in use after a collection of garbage. */
function heapMebibytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

describe('map: the compiled mapper', function () {
  this.timeout(60_000);

  it('writes the same documents as the plain reference mapper, whatever the event', () => {
    fc.assert(
      fc.property(arbitraryEvent, (event) => {
        const text = JSON.stringify(event);
        const mapped = JSON.parse(mapText(text).source) as JsonObject;
        const parsed = JSON.parse(text) as JsonObject;
        expect(comparable(mapped)).to.deep.equal(comparable(referenceDocument(parsed, readAt.toISOString())));
      }),
      { numRuns: 4000 },
    );
  });

  it('writes the same document whether strings need escaping or not', () => {
    fc.assert(
      fc.property(arbitraryEvent, (event) => {
        const text = JSON.stringify(event);
        // A backslash anywhere in the text sends the event down the escaping path; this one is in a missing value's place.
        const escaped = text.replace('"eventName"', '"\\u0065ventName"');
        expect(JSON.parse(mapText(escaped).source)).to.deep.equal(JSON.parse(mapText(text).source));
      }),
      { numRuns: 1000 },
    );
  });

  it('writes one line of valid JSON without lone surrogates', () => {
    const { source } = mapText(
      '{"timestamp":"2023-12-20T11:21:41Z","eventName":"x","traceId":"a\\ud800b\\udc00\\ud83d\\ude00\\\\ud800\\n"}',
    );
    expect(source).to.not.include('\n');
    const { event } = JSON.parse(source) as { event: { id: string } };
    expect(event.id).to.equal('a\ufffdb\ufffd😀\\ud800\n');
  });

  it('calls a document ASCII only when it is', () => {
    fc.assert(
      fc.property(arbitraryEvent, (event) => {
        const text = JSON.stringify(event);
        const ascii = isAscii(Buffer.from(text));
        const origin = { input: 'file', path: '/var/log/x' };
        const mapped = mapper.map(
          { text, value: JSON.parse(text) as JsonObject, ascii },
          validate,
          mapContext(readAt, origin),
        );
        if (mapped.ascii) expect(isAscii(Buffer.from(mapped.source))).to.equal(true);
      }),
      { numRuns: 1000 },
    );
    const event = {
      text: '{"timestamp":"2023-12-20T11:21:41Z"}',
      value: { timestamp: '2023-12-20T11:21:41Z' },
      ascii: true,
    };
    expect(mapper.map(event, validate, mapContext(readAt)).ascii).to.equal(true);
    const elsewhere = mapContext(readAt, { input: 'file', path: '/tmp/é' });
    expect(mapper.map(event, validate, elsewhere).ascii).to.equal(false);
  });

  it('compiles every field list', () => {
    for (const { event, dataset } of loadMappings().events) {
      const mapped = mapText(JSON.stringify({ timestamp: '2023-12-20T11:21:41Z', eventName: event }));
      expect(mapped.index).to.equal(`logs-cloudconnexa.${dataset}-default`);
      expect(JSON.parse(mapped.source)).to.have.nested.property('event.code', event);
    }
  });

  it('keeps the text of the timestamp to the microsecond', () => {
    expect(documentOf({ timestamp: '2023-12-20T11:21:41.123456Z' })['@timestamp']).to.equal(
      '2023-12-20T11:21:41.123456Z',
    );
  });

  it('takes the time of reading and says so when the timestamp cannot be read', () => {
    const document = documentOf({ timestamp: 'soon', eventName: 'x' });
    expect(document['@timestamp']).to.equal('2026-01-02T03:04:05.678Z');
    expect(document).to.have.nested.property('event.kind', 'pipeline_error');
    expect(document).to.have.nested.property('cloudconnexa.invalid.timestamp', 'soon');
  });

  it('prefers initiatorPublicIp, and keeps a differing publicIp as unmapped', () => {
    const document = documentOf(flow({ initiatorPublicIp: '8.8.8.8', publicIp: '8.8.4.4' }));
    expect(document).to.have.nested.property('cloudconnexa.initiator.public_ip', '8.8.8.8');
    expect(document).to.have.nested.property('cloudconnexa.unmapped.publicIp', '8.8.4.4');
  });

  it('sends each event to the data stream of its dataset and configured namespace', () => {
    const prod = createMapper({ namespace: 'prod' });
    const indexOf = (eventName: string): string => mapText(JSON.stringify({ eventName }), prod).index;
    expect(indexOf('flow-established')).to.equal('logs-cloudconnexa.flow-prod');
    expect(indexOf('client-connected')).to.equal('logs-cloudconnexa.session-prod');
    expect(indexOf('traffic-blocked')).to.equal('logs-cloudconnexa.threat-prod');
    expect(indexOf('test-message')).to.equal('logs-cloudconnexa.audit-prod');
    expect(indexOf('../../etc')).to.equal('logs-cloudconnexa.other-prod');
  });

  it('counts configured networks as inside', () => {
    const log = { sourceIp: '100.96.1.34', destinationEntityIp: '8.8.8.8' };
    expect(documentOf(flow({}, log))).to.have.nested.property('network.direction', 'outbound');
    const inside = createMapper({ internalNetworks: ['8.8.8.0/24', '2001:db8::/32'] });
    expect(documentOf(flow({}, log), inside)).to.have.nested.property('network.direction', 'internal');
  });

  it('says where the event was read', () => {
    const text = '{"eventName":"x"}';
    const event = { text, value: JSON.parse(text) as JsonObject };
    const file = mapper.map(event, validate, mapContext(readAt, { input: 'file', path: '/var/log/"odd".jsonl' }));
    expect(JSON.parse(file.source)).to.have.nested.property('log.file.path', '/var/log/"odd".jsonl');
    const object = mapper.map(event, validate, mapContext(readAt, { input: 's3', bucket: 'b', key: 'k/1.gz' }));
    expect(JSON.parse(object.source)).to.have.deep.property('aws', {
      s3: { bucket: { name: 'b' }, object: { key: 'k/1.gz' } },
    });
    expect(file.id).to.equal(object.id);
  });

  it('sets event.ingested first in the document when the cluster cannot', () => {
    const { source } = mapText('{"eventName":"flow-established"}', createMapper({ setIngested: true }));
    expect(source.startsWith('{"event":{"ingested":"2026-01-02T03:04:05.678Z"')).to.equal(true);
  });

  it('never takes a field name from the data', () => {
    const document = documentOf(
      JSON.parse('{"eventName":"x","__proto__":{"polluted":1},"log":{"constructor":"c"}}') as JsonObject,
    );
    expect(Object.keys(document)).to.not.include('__proto__');
    expect(({} as { polluted?: number }).polluted).to.equal(undefined);
    expect(Object.keys((document as { cloudconnexa: { unmapped: object } }).cloudconnexa.unmapped)).to.have.members([
      '__proto__',
      'log',
    ]);
  });

  it('keeps a number beyond double precision digit by digit', () => {
    const { source } = mapText(
      '{"timestamp":"2023-12-20T11:21:41Z","traceId":12345678901234567890,"log":{"x":0.10000000000000000001}}',
    );
    expect(JSON.parse(source)).to.have.nested.property('event.id', '12345678901234567890');
    expect(JSON.parse(source)).to.have.nested.property('cloudconnexa.unmapped.log.x', '0.10000000000000000001');
  });

  it('maps an event nested 200,000 levels deep', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const { source } = mapText(`{"timestamp":"2023-12-20T11:21:41Z","eventName":"x","log":{"deep":${deep}}}`);
    const pieces = (JSON.parse(source) as { cloudconnexa: { unmapped: { event: string[] } } }).cloudconnexa.unmapped
      .event;
    expect(pieces.join('')).to.include(deep);
  });

  it('keeps no more of what repeats than fits into some megabytes', () => {
    const name = 'x'.repeat(1_500_000);
    const before = heapMebibytes();
    for (let i = 0; i < 200; i++)
      mapText(JSON.stringify(flow({}, { clientSessionId: `s${i}`, sourceEntityName: `${i}${name}` })));
    expect(heapMebibytes() - before).to.be.below(150);
  });

  it('keeps no more of keys that nobody knows', () => {
    const before = heapMebibytes();
    for (const eventName of ['flow-established', 'x']) {
      for (let i = 0; i < 8; i++) {
        const keys = Object.fromEntries(
          Array.from({ length: 10_000 }, (_, n) => [`key_${i}_${n}_${'k'.repeat(200)}`, 1]),
        );
        mapText(JSON.stringify({ eventName, ...keys }));
      }
    }
    expect(heapMebibytes() - before).to.be.below(15);
  });

  it('cuts an unmapped text too long for one term into pieces and loses none of it', () => {
    const long = 'x'.repeat(30_000);
    const document = documentOf({ eventName: 'x', extra: long }) as { cloudconnexa: { unmapped: { extra: string[] } } };
    expect(document.cloudconnexa.unmapped.extra.join('')).to.equal(long);
    expect(Math.max(...document.cloudconnexa.unmapped.extra.map((piece) => piece.length))).to.be.at.most(8000);
  });
});

describe('map: the document id', function () {
  this.timeout(60_000);

  const idOf = (text: string): string => mapText(text).id;
  const event =
    '{"timestamp":"2023-12-20T11:21:41.000000Z","eventName":"flow-established","traceId":"t","log":{"allowed":true,"sourceIp":"10.0.0.1"}}';

  it('starts with the event time, so that ids of one period sort together', () => {
    expect(idOf(event)).to.match(/^018c86f5bd88-[\w-]{32}$/);
    const later = idOf(event.replace('11:21', '11:22'));
    expect(later > idOf(event)).to.equal(true);
  });

  it('tells a broken byte from the character that it would be in latin1', () => {
    const text = '{"traceId":"\ufffd","n":1e400}';
    const rawText = '{"traceId":"é","n":1e400}';
    const broken = mapper.map({ text, rawText, value: JSON.parse(text) as JsonObject }, validate, mapContext(readAt));
    expect(broken.id).not.to.equal(idOf(rawText));
  });

  it('does not depend on white space, key order, spelling of characters, reading time or place', () => {
    const spaced = JSON.stringify(JSON.parse(event), null, 3);
    const turned =
      '{"log":{"sourceIp":"10.0.0.1","allowed":true},"traceId":"\\u0074","eventName":"flow-established","timestamp":"2023-12-20T11:21:41.000000Z"}';
    expect(idOf(spaced)).to.equal(idOf(event));
    expect(idOf(turned)).to.equal(idOf(event));
    const elsewhere = mapper.map(
      { text: event, value: JSON.parse(event) as JsonObject },
      validate,
      mapContext(new Date(0), { input: 'file', path: '/x' }),
    );
    expect(elsewhere.id).to.equal(idOf(event));
  });

  it('is the same for any layout of any event', () => {
    fc.assert(
      fc.property(arbitraryEvent, fc.nat(), (value, turn) => {
        const text = JSON.stringify(value);
        const entries = Object.entries(JSON.parse(text) as JsonObject);
        const at = turn % Math.max(entries.length, 1);
        const turned = Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)]);
        expect(idOf(JSON.stringify(turned, null, 2))).to.equal(idOf(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes an event as the vendor writes it as its own canonical text, and only such', () => {
    const { events } = loadMappings();
    const flowList = events.find(({ event }) => event === 'flow-established');
    const canonical = compileCanonical(flowList as EventMapping);
    const unplaced = { header: [], log: [] };
    const of = (value: JsonObject): string => canonical.of(value, unplaced, false, { inexact: false });
    for (const text of sampleFlows({ seed: 1, count: 200, end: readAt })) {
      expect(canonical.is(JSON.parse(text) as JsonObject, text)).to.equal(true);
      expect(of(JSON.parse(text) as JsonObject)).to.equal(text);
    }
    const value = JSON.parse(event) as JsonObject;
    for (const other of [event.replace(',', ', '), event.replace('true', ' true'), event.replace('}}', '} }')]) {
      expect(canonical.is(value, other), other).to.equal(false);
    }
    const exponent = '{"CloudConnexaLogVersion":1e3,"traceId":"t" }';
    expect(canonical.is(JSON.parse(exponent) as JsonObject, exponent)).to.equal(false);
  });

  it('differs between events that differ in any field', () => {
    const ids = new Set<string>();
    const seen = new Set<string>();
    fc.assert(
      fc.property(arbitraryEvent, (value) => {
        const text = JSON.stringify(sorted(JSON.parse(JSON.stringify(value)) as JsonObject));
        if (seen.has(text)) return;
        seen.add(text);
        const id = idOf(text);
        expect(ids.has(id), text).to.equal(false);
        ids.add(id);
      }),
      { numRuns: 3000 },
    );
  });

  it('tells apart types, absences, numbers beyond double precision and places of the same text', () => {
    const ids = [
      '{"a":"6"}',
      '{"a":6}',
      '{"a":null}',
      '{"a":""}',
      '{}',
      '{"a":{"b":1}}',
      '{"a.b":1}',
      '{"a":[1,2]}',
      '{"a":["1,2"]}',
      '{"a":12345678901234567890}',
      '{"a":12345678901234567891}',
      '{"a":"12345678901234567890"}',
      '{"traceId":"x\\",\\"initiator\\":\\"y"}',
      '{"traceId":"x","initiator":"y"}',
      '{"initiatorName":"a","parentEntityName":"b"}',
      '{"initiatorName":"ab","parentEntityName":""}',
      '{"log":{"sourceIp":"1"}}',
      '{"sourceIp":"1"}',
    ].map(idOf);
    expect(new Set(ids).size).to.equal(ids.length);
  });
});

function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [
        key,
        typeof value === 'object' && value !== null && !Array.isArray(value) ? sorted(value) : value,
      ]),
  );
}
