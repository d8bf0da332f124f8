import { loadMappings } from '../../src/map/list.js';
import { sampleTexts } from './event-files.js';

/** Events by what is nasty about them, as JSON texts: some of them cannot be written by `JSON.stringify`. */
export function nastyEvents(): Readonly<Record<string, string>> {
  return { ...structures(), ...keys(), ...values(), ...knownFields(), ...otherEvents(), ...times() };
}

let turn = 0;

/** A flow with members, given as JSON text, before its own: a later member of the same name would win. */
function flow(members: string, logMembers = ''): string {
  turn += 1;
  const text = sampleTexts(1, turn)[0] ?? '';
  const own = JSON.parse(text) as { log: object };
  const drop = (object: object, added: string): string => {
    const names = Object.keys(added === '' ? {} : (JSON.parse(`{${added}}`) as object));
    return JSON.stringify(Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))).slice(
      1,
      -1,
    );
  };
  const { log, ...header } = own;
  const parts = [
    members,
    drop(header, members),
    `"log":{${[logMembers, drop(log, logMembers)].filter(Boolean).join()}}`,
  ];
  return `{${parts.filter(Boolean).join()}}`;
}

const nested = (depth: number, open: string, close: string, inner = '1'): string =>
  open.repeat(depth) + inner + close.repeat(depth);

function structures(): Record<string, string> {
  const manyKeys = Array.from({ length: 5000 }, (_, i) => `"unknown_${i}":${i}`).join();
  return {
    'an unknown field 300 objects deep': flow(`"deep":${nested(300, '{"k":', '}')}`),
    'an unknown field 300 arrays deep': flow(`"deep":${nested(300, '[', ']')}`),
    'an unknown field 1,500 objects deep': flow(`"deep":${nested(1500, '{"k":', '}')}`),
    'an unknown field 20,000 arrays deep': flow(`"deep":${nested(20_000, '[', ']')}`),
    'a known field 300 objects deep': flow('', `"sourceEntityName":${nested(300, '{"k":', '}')}`),
    '5,000 unknown keys': flow(manyKeys),
    '5,000 unknown keys in log': flow('', manyKeys),
    'arrays of mixed types': flow('"mixed":[1,"two",true,null,2.5,[3],{"four":4},""],"plain":[1,"two",false,0.5,null]'),
    'empty containers': flow('"a":{},"b":[],"c":[[]],"d":{"e":{}},"f":[{}]'),
    'one name as value, object and dotted': flow('"x":1,"x.y":2,"z":{"y":3},"z.y":4,"z.y.w":5'),
    'log as text': '{"eventName":"flow-established","timestamp":"2026-01-01T00:00:00Z","log":"text"}',
    nothing: '{}',
    'a document within': flow(
      '"_id":"x","_index":"y","_source":{"z":1},"@timestamp":"no","data_stream":{"dataset":"evil"}',
    ),
  };
}

function keys(): Record<string, string> {
  const named = (key: string): string => flow(`${JSON.stringify(key)}:"value"`, `${JSON.stringify(key)}:{"in":1}`);
  return {
    'a key of 40,000 characters': named('k'.repeat(40_000)),
    'a key of 40,000 characters below a key': flow(`"below":{"${'k'.repeat(40_000)}":"v"}`),
    'long keys, nested': flow(
      `"${'ü'.repeat(250)}":${nested(6, `{"${'字'.repeat(250)}":`, '}', `"${'字'.repeat(9000)}"`)}`,
    ),
    'an empty key': flow('"":"value","in":{"":1,"deeper":{"":{}}}'),
    'the key odd_keys beside an empty one': flow('"":"value","odd_keys":"kept"'),
    'blank keys': flow('" ":1,"\\t":2,"\\n":{"\\u00a0":3}'),
    dots: flow('".":1,"..":2,".a":3,"a.":4,"a..b":5,"a.b.c":6,"a . b":7,". ":8,"x. .y":9,"in":{".":1,"a.":{"b..":2}}'),
    'NUL in a key': flow('"a\\u0000b":1,"in":{"\\u0000":2}'),
    'a lone surrogate in a key': flow('"a\\ud800b":1,"in":{"\\udfff":2}'),
    '__proto__ and its kin': flow(
      '"__proto__":{"polluted":true},"constructor":{"prototype":{"x":1}},"toString":"y"',
      '"__proto__":{"polluted":true},"hasOwnProperty":1',
    ),
    'keys that mean something in a mapping': flow(
      '"type":"nested","properties":{"a":{"type":"x"}},"_doc":1,"*":2,"#":3',
    ),
    'every control character as a key': flow(
      Array.from({ length: 33 }, (_, i) => `"k\\u${i.toString(16).padStart(4, '0')}":${i}`).join(),
    ),
  };
}

function values(): Record<string, string> {
  const everywhere = (json: string): string =>
    flow(`"unknown":${json},"in":{"unknown":[${json}]}`, `"unknown":${json}`);
  const text = (value: string): string => everywhere(JSON.stringify(value));
  return {
    '100 KB of text': text('x'.repeat(100_000)),
    '100 KB of text of three bytes a character': text('字'.repeat(33_000)),
    '100 KB of emoji': text('😀'.repeat(25_000)),
    '100 KB of words': text('lorem ipsum '.repeat(8000)),
    'NUL characters': text('a\0b\0'),
    'only NUL': text('\0'),
    'a lone surrogate': everywhere('"a\\ud800b\\udc00"'),
    '1e400': everywhere('1e400'),
    '-1e400': everywhere('-1e400'),
    '1e-400': everywhere('1e-400'),
    '12345678901234567890': everywhere('12345678901234567890'),
    'a number of 5,000 digits': everywhere('9'.repeat(5000)),
    'a fraction of 5,000 digits': everywhere(`0.${'7'.repeat(5000)}`),
    '-0': everywhere('-0'),
    '1E+2': everywhere('1E+2'),
    'one name with numbers, text and objects in other events': flow('"shifting":{"a":{"b":1}}'),
    'the same name as text': flow('"shifting":"text"'),
    'the same name as a number': flow('"shifting":12.5'),
    'the same name as a date': flow('"shifting":"2026-01-01"'),
    'the same name deeper': flow('"shifting":{"a":"text"}'),
    'the same name as an array': flow('"shifting":[{"a":1},{"a":"x"}]'),
    'Unicode beyond its use': text('\u2028\u2029\ufeff\ufffe\uffff\u202e\u0085'),
  };
}

function knownFields(): Record<string, string> {
  const long = 'x'.repeat(100_000);
  const log = (members: object): string => flow('', JSON.stringify(members).slice(1, -1));
  const raw = (members: string): string => flow('', members);
  return {
    'long names': log({ sourceEntityName: long, sourceParentName: long, destinationParentName: long, sourceIp: long }),
    'a long name of words': log({ sourceParentName: 'word '.repeat(20_000), destinationEntityName: 'ü '.repeat(9000) }),
    'long header fields': flow(
      `"initiator":"${long}","initiatorName":"${long}","cloudId":"${long}","traceId":"${long}"`,
    ),
    'NUL and surrogates in names': raw(
      '"sourceEntityName":"a\\u0000b","sourceParentName":"\\ud83d","destinationEntityName":"\\u0000"',
    ),
    'ports of all kinds': raw('"destinationPort":1e400'),
    'a port of 20 digits': raw('"destinationPort":12345678901234567890'),
    'a port with a fraction': raw('"destinationPort":443.0'),
    'an exponent as port': raw('"destinationPort":"4e2"'),
    'an endless protocol': raw(`"protocol":${'6'.repeat(400)}`),
    'addresses with zones and ports': log({ sourceIp: 'fe80::1%eth0', destinationEntityIp: '[::1]:443' }),
    'addresses in odd notations': log({ sourceIp: '::ffff:1.2.3.4', destinationEntityIp: '1::' }),
    'addresses of octal look': log({ sourceIp: '010.0.0.1', destinationEntityIp: '0x7f.1' }),
    'an address of zeros': log({ sourceIp: '0:0:0:0:0:0:0:0', destinationEntityIp: '255.255.255.255' }),
    'objects in every field': log(Object.fromEntries(logFields.map((name) => [name, { a: { b: [1, 'x'] } }]))),
    'arrays in every field': log(Object.fromEntries(logFields.map((name) => [name, [[1], { a: null }, 'x']]))),
    'a log version beyond long': flow('"CloudConnexaLogVersion":92233720368547758070'),
    'a log version as text': flow('"CloudConnexaLogVersion":"9007199254740993"'),
    'an event name of 50,000 characters': flow(`"eventName":"${'e'.repeat(50_000)}"`),
    'an event name with a path': flow('"eventName":"../../_all"'),
  };
}

const logFields = [
  ...[
    'sourceEntityType',
    'sourceEntityId',
    'sourceEntityName',
    'sourceParentType',
    'sourceParentId',
    'sourceParentName',
  ],
  ...[
    'sourceIp',
    'sourceGatewayRegion',
    'destinationEntityIp',
    'destinationPort',
    'allowed',
    'protocol',
    'protocolName',
  ],
];

/** Every other event with something nasty in each field of its `log`, and sessions at the ends of what numbers and times can be. */
function otherEvents(): Record<string, string> {
  const of = (eventName: string, log: object, kind: string): string =>
    JSON.stringify({ timestamp: '2026-01-01T00:00:00Z', eventName, traceId: kind, initiator: 'x', log });
  const contents: Readonly<Record<string, unknown>> = {
    // Longer than a term of the engines may be, but all fields together fit into an event.
    'long text': 'x'.repeat(33_000),
    'words of three bytes': '字 '.repeat(9000),
    'NUL, quotes and half a pair': 'a\0"\\\ud83d',
    objects: { a: { b: [1, 'x'] } },
    arrays: [[1], { a: null }, 'x'],
    'the greatest numbers': Number.MAX_SAFE_INTEGER,
    zero: 0,
    'early times': '0000-01-01T00:00:00+18:00',
    'late times': '9999-12-31T23:59:59.999999999-18:00',
    addresses: '::ffff:10.0.0.1',
  };
  const others = loadMappings().events.filter(({ event }) => event !== 'flow-established');
  const filled = others.flatMap(({ event, fields }) =>
    Object.entries(contents).map(([kind, content]) => {
      const own = fields
        .filter(({ vendor }) => vendor.startsWith('log.'))
        .map(({ vendor }) => [vendor.slice(4), content]);
      return [`${kind} in every field of ${event}`, of(event, Object.fromEntries(own) as object, kind)] as const;
    }),
  );
  const session = { sessionStartTime: '0000-01-01T00:00:00Z', sessionEndTime: '9999-12-31T23:59:59Z' };
  return {
    ...Object.fromEntries(filled),
    'a session of ten thousand years': of('client-disconnected', session, 'years'),
    'a session of 285 years in seconds': of('client-disconnected', { sessionDurationSeconds: '9000000000' }, 'seconds'),
  };
}

function times(): Record<string, string> {
  const forms = [
    '0000-01-01T00:00:00Z',
    '0000-01-01T00:00:00+18:00',
    '0001-01-01T00:00:00.1Z',
    '1969-12-31T23:59:59.999999999Z',
    '1970-01-01T00:00:00',
    '2023-12-20T11:21:41Z',
    '2023-12-20T11:21:41.1Z',
    '2023-12-20T11:21:41.12+00:00',
    '2023-12-20T11:21:41.123-00:00',
    '2023-12-20T11:21:41.1234+05:30',
    '2023-12-20T11:21:41.12345-18:00',
    '2023-12-20T11:21:41.123456Z',
    '2023-12-20T11:21:41.1234567',
    '2023-12-20T11:21:41.12345678+18:00',
    '2023-12-20T11:21:41.123456789-17:59',
    '2024-02-29T00:00:00Z',
    '9999-12-31T23:59:59.999999999Z',
    '9999-12-31T23:59:59-18:00',
  ];
  const refused = [
    '2023-12-20T11:21:41+0000',
    '2023-12-20T11:21:41,5Z',
    '2023-12-20T11:21:41+00',
    '12023-01-01T00:00:00Z',
    '2023-12-20',
    '2023-W01-1',
    '',
    '1703071301000',
  ];
  const all = [...forms, ...refused].map((time) => [`the time ${time}`, flow(`"timestamp":${JSON.stringify(time)}`)]);
  return Object.fromEntries([...all, ['the time as a number', flow('"timestamp":1703071301000')]]) as Record<
    string,
    string
  >;
}
