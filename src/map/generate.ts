import { isDeepStrictEqual } from 'node:util';
import type { EventMapping, MappingLists, Place, VendorField } from './list.js';
import { loadMappings } from './list.js';
import { ecsFields, targetFields, usedNames, type EcsField, type FieldType, type TargetField } from './fields.js';
import { eventSchema } from './schema.js';

/** One generated file: its path in the repository and its content before formatting. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

/** What we read of a field in the npm package `@elastic/ecs`. */
export interface EcsSourceField {
  readonly type: string;
  readonly short: string;
  readonly normalize: readonly string[];
}

/** The part of ECS the lists use, taken from the whole of it (`EcsFlat` of `@elastic/ecs`). */
export function generateEcs(
  all: Readonly<Record<string, EcsSourceField>>,
  lists: MappingLists = loadMappings(),
): GeneratedFile[] {
  const used: Record<string, EcsField> = {};
  for (const name of usedNames(lists)) {
    const field = all[name];
    if (field === undefined) continue;
    used[name] = {
      type: field.type as FieldType,
      description: field.short,
      array: field.normalize.includes('array'),
    };
  }
  return [{ path: 'mappings/generated/ecs.json', content: JSON.stringify(used, null, 2) }];
}

/** The JSON Schema of each event, `mappings/generated/<event>.schema.json`. */
export function generateSchemas(lists: MappingLists = loadMappings()): GeneratedFile[] {
  return lists.events.map((event) => ({
    path: `mappings/generated/${event.event}.schema.json`,
    content: JSON.stringify(eventSchema(event), null, 2),
  }));
}

/** `docs/fields.md`: where each vendor field goes, and every field a document can have. */
export function generateFieldsPage(lists: MappingLists = loadMappings()): GeneratedFile[] {
  const header = sharedPart(lists.events);
  const content = [
    ...intro,
    '## Every event',
    '',
    ...partLines(header),
    ...lists.events.flatMap((event) => eventSection(event, header)),
    ...documentSection(lists),
  ].join('\n');
  return [{ path: 'docs/fields.md', content }];
}

const intro = [
  '# Fields',
  '',
  'Generated from the field lists in `mappings/`; change those, then run `npm run generate`.',
  '',
  'The column "fits" says what a value must be. Numbers and booleans also fit as text (`"6"`, `"True"`), since events come',
  'with both. A value that does not fit is left out of its place and kept as text under `cloudconnexa.invalid`; `error.message`',
  'names it and `event.kind` is `pipeline_error`. A vendor field that is in no table is kept under `cloudconnexa.unmapped`. null',
  'and "" count as missing.',
  '',
];

type Part = Pick<EventMapping, 'fields' | 'constants' | 'rules'>;

/** What all events have alike. */
function sharedPart(events: readonly EventMapping[]): Part {
  const [first, ...others] = events;
  const inAll = (item: unknown, listOf: (event: Part) => readonly unknown[]): boolean =>
    others.every((event) => contains(listOf(event), item));
  return {
    fields: first?.fields.filter((field) => inAll(field, (event) => event.fields)) ?? [],
    constants: Object.fromEntries(
      Object.entries(first?.constants ?? {}).filter((entry) =>
        inAll(entry, (event) => Object.entries(event.constants)),
      ),
    ),
    rules: first?.rules.filter((rule) => inAll(rule, (event) => event.rules)) ?? [],
  };
}

/** What an event has beyond that. */
function ownPart(event: EventMapping, header: Part): Part {
  const shared = Object.entries(header.constants);
  return {
    fields: event.fields.filter((field) => !contains(header.fields, field)),
    constants: Object.fromEntries(Object.entries(event.constants).filter((entry) => !contains(shared, entry))),
    rules: event.rules.filter((rule) => !contains(header.rules, rule)),
  };
}

function contains(list: readonly unknown[], item: unknown): boolean {
  return list.some((one) => isDeepStrictEqual(one, item));
}

function eventSection(event: EventMapping, header: Part): string[] {
  return [
    `## Event ${event.event}`,
    '',
    `${event.description} Data stream \`logs-cloudconnexa.${event.dataset}-<namespace>\`.`,
    '',
    ...partLines(ownPart(event, header)),
  ];
}

function partLines({ fields, constants, rules }: Part): string[] {
  const constantTexts = Object.entries(constants).map(
    ([name, value]) => `${code(name)} = ${code(JSON.stringify(value))}`,
  );
  const derived = rules.map(
    (call) => `- ${Object.values(call.to).map(code).join(', ')} from ${call.from.map(code).join(', ')}`,
  );
  const table = ['| vendor field | fits | goes to |', '|---|---|---|', ...fields.map(fieldRow), ''];
  return [
    ...(fields.length > 0
      ? table
      : ['Its `log` has no places of its own: it is kept under `cloudconnexa.unmapped.log`.', '']),
    ...(constantTexts.length > 0 ? [`Constants: ${constantTexts.join(', ')}.`, ''] : []),
    ...(derived.length > 0 ? ['Derived:', '', ...derived, ''] : []),
  ];
}

function fieldRow({ vendor, aliases, fits, to }: VendorField): string {
  const places = to.length === 0 ? 'derived fields below' : to.map(placeText).join('<br>');
  return `| ${[vendor, ...aliases].map(code).join(', ')} | ${fits.replace('_', ' ')} | ${places} |`;
}

function placeText({ field, as, when = {} }: Place): string {
  const conditions = Object.entries(when).map(([name, values]) => `${code(name)} is ${values.join(' or ')}`);
  const notes = [as === 'lower' ? 'lower case' : as === 'ip' ? 'if an IP' : '', ...conditions].filter(Boolean);
  return code(field) + (notes.length === 0 ? '' : ` (${notes.join('; ')})`);
}

function documentSection(lists: MappingLists): string[] {
  const added = new Set(lists.pipeline.map((field) => field.name));
  return [
    '## All fields of a document',
    '',
    `ECS ${lists.ecsVersion}. "pipeline" marks fields that the cluster's ingest pipeline adds when it can.`,
    'A field is found by its index and sorted and counted by its doc values; "stored as" says where it has one of both only',
    '(why: `storage` in `mappings/header.yml`). Fields without an index are found as well, only slower.',
    '',
    '| field | type | stored as | home | description |',
    '|---|---|---|---|---|',
    ...targetFields(lists, ecsFields()).map((field) => {
      const home = field.home === 'ecs' ? 'ECS' : 'own';
      const note = added.has(field.name) ? `${home}, pipeline` : home;
      return `| ${code(field.name)} | ${typeName(field)} | ${storageName(field)} | ${note} | ${field.description.replaceAll('|', '\\|')} |`;
    }),
    '',
  ];
}

function typeName(field: TargetField): string {
  return field.array ? `${field.type}, array` : field.type;
}

function storageName({ storage }: TargetField): string {
  return storage === 'both' ? '' : storage.replace('_', ' ');
}

function code(text: string): string {
  return `\`${text}\``;
}
