import { loadMappings } from '../../src/map/list.js';

const lists = loadMappings();

/** Event names, one that no list has among them. */
export const eventNames: readonly string[] = [...lists.events.map(({ event }) => event), 'brand-new'];

/** Vendor fields of the header, and of each event's `log`. */
export const headerFields: readonly string[] = fieldsOf(lists.events[0]?.event ?? '').filter(
  (name) => !name.includes('.'),
);

/** The fields of `log` by event name. */
export const logFields: ReadonlyMap<string, readonly string[]> = new Map(
  eventNames.map((name) => [
    name,
    fieldsOf(name).flatMap((field) => (field.startsWith('log.') ? [field.slice(4)] : [])),
  ]),
);

function fieldsOf(event: string): string[] {
  const fields = lists.events.find((list) => list.event === event)?.fields ?? [];
  return fields.flatMap(({ vendor, aliases }) => [vendor, ...aliases]);
}

/** Keys that mean something to somebody: to JavaScript, to the engines, to the documents. */
export const oddKeys: readonly string[] = [
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'log',
    'eventName',
    'timestamp',
    'publicIp',
  ],
  ...['', ' ', '.', 'a.b', 'a..b', '.a', '\0', 'odd_keys', 'unmapped', '_id', '@timestamp', '0', '10', 'k'.repeat(300)],
];

/** Values, as JSON text, that rules look at or that go beyond what a type can hold. */
export const oddValues: readonly string[] = [
  ...['null', '""', 'true', 'false', '0', '-0', '6', '443', '65536', '1.0', '1e2', '1e400', '-1e-400', '0.10'],
  ...['12345678901234567890', '9007199254740993', '[]', '{}', '[[1],{"a":null},"x"]', '{"a":{"b":[1,"x"]}}'],
  ...[
    '"6"',
    '"17"',
    '"True"',
    '"FALSE"',
    '"tcp"',
    '" UDP4 "',
    '"icmpv6"',
    '"User"',
    '"Device"',
    '"Connector"',
    '"Host"',
  ],
  ...['"Group"', '"Network"', '"Internet Gateway"', '"ann@example.com"', '"u1"', '"new"', '"10.0.0.5"', '"8.8.8.8"'],
  ...['"::1"', '"::ffff:10.0.0.1"', '"2a00:1450::8a"', '"fe80::1%eth0"', '"01.2.3.4"', '"2024-02-29T23:59:59.5+05:30"'],
  ...['"0000-01-01T00:00:00Z"', '"9999-12-31T23:59:59-18:00"', '"2023-02-29T00:00:00Z"', '"1e400"', '"\\ud800"'],
  ...[
    '"\\ud83d\\ude00"',
    '"\\u0000\\u001b[2J\\u202e"',
    '"a\\nb\\r\\u2028"',
    '"😀\u009b\u2028"',
    '"</script><!--{{x}}"',
  ],
  ...['"=cmd|\'/C calc\'!A0"', '"../../etc/passwd"', '"}\\n{"', '"},{"', '"ſK"'],
];

/** Bytes between which formats decide. */
export const tokens: readonly string[] = [
  ...['{', '}', '[', ']', ',', ':', '"', '\\', '\n', '\r\n', ' ', '\t', '\0', '\ufeff', '\n{', '}{', '},{', '}\n{'],
  ...['{"a":1}', '{"a":[', '{"a":\n{"b":1} x\n', '"k":', '\\u12', '\\x', 'nul', '-', '1.', '1e', '\x1f'],
];
