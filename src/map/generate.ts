import type { EventMapping, MappingLists } from './list.js';
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
export function generateEcs(all: Readonly<Record<string, EcsSourceField>>): GeneratedFile[] {
  const used: Record<string, EcsField> = {};
  for (const name of usedNames(loadMappings())) {
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
export function generateSchemas(): GeneratedFile[] {
  return loadMappings().events.map((event) => ({
    path: `mappings/generated/${event.event}.schema.json`,
    content: JSON.stringify(eventSchema(event), null, 2),
  }));
}

/** `docs/fields.md`: where each vendor field goes, and every field a document can have. */
export function generateFieldsPage(): GeneratedFile[] {
  const lists = loadMappings();
  const content = [
    '# Fields',
    '',
    'Generated from the field lists in `mappings/`; change those, then run `npm run generate`.',
    '',
    ...lists.events.flatMap(eventSection),
    ...documentSection(lists),
  ].join('\n');
  return [{ path: 'docs/fields.md', content }];
}

function eventSection(event: EventMapping): string[] {
  return [
    `## Event ${event.event}`,
    '',
    `${event.description} Data stream \`logs-cloudconnexa.${event.dataset}-<namespace>\`.`,
    '',
    '| vendor field | fits | goes to |',
    '|---|---|---|',
    ...event.fields.map((field) => {
      const names = [field.vendor, ...field.aliases].map(code).join(', ');
      return `| ${names} | ${field.fits.replace('_', ' ')} | ${places(event, field.vendor)} |`;
    }),
    '',
    `Constants: ${Object.entries(event.constants)
      .map(([name, value]) => `${code(name)} = ${code(JSON.stringify(value))}`)
      .join(', ')}.`,
    '',
    'Derived:',
    '',
    ...event.rules.map(
      (call) => `- ${Object.values(call.to).map(code).join(', ')} from ${call.from.map(code).join(', ')}`,
    ),
    '',
  ];
}

function places(event: EventMapping, vendor: string): string {
  const direct = event.fields
    .filter((field) => field.vendor === vendor)
    .flatMap((field) =>
      field.to.map((place) => {
        const when = Object.entries(place.when ?? {}).map(
          ([name, values]) => `${code(name)} is ${values.join(' or ')}`,
        );
        const notes = [place.as === 'lower' ? 'lower case' : place.as === 'ip' ? 'if an IP' : '', ...when].filter(
          Boolean,
        );
        return code(place.field) + (notes.length === 0 ? '' : ` (${notes.join('; ')})`);
      }),
    );
  return direct.length === 0 ? 'derived fields below' : direct.join('<br>');
}

function documentSection(lists: MappingLists): string[] {
  const added = new Set(lists.pipeline.map((field) => field.name));
  return [
    '## All fields of a document',
    '',
    `ECS ${lists.ecsVersion}. "pipeline" marks fields that the cluster's ingest pipeline adds when it can.`,
    '',
    '| field | type | home | description |',
    '|---|---|---|---|',
    ...targetFields(lists, ecsFields()).map((field) => {
      const home = field.home === 'ecs' ? 'ECS' : 'own';
      const note = added.has(field.name) ? `${home}, pipeline` : home;
      return `| ${code(field.name)} | ${typeName(field)} | ${note} | ${field.description.replaceAll('|', '\\|')} |`;
    }),
    '',
  ];
}

function typeName(field: TargetField): string {
  return field.array ? `${field.type}, array` : field.type;
}

function code(text: string): string {
  return `\`${text}\``;
}
