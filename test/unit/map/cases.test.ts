import { EcsFlat } from '@elastic/ecs';
import { expect } from 'chai';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { targetFields, type TargetField } from '../../../src/map/fields.js';
import { createMapper, mapContext } from '../../../src/map/mapper.js';
import { createValidator } from '../../../src/validate.js';
import type { JsonObject } from '../../../src/record.js';

interface EcsDefinition {
  readonly type: string;
  readonly normalize: readonly string[];
  readonly allowed_values?: readonly { readonly name: string; readonly expected_event_types?: readonly string[] }[];
  readonly expected_values?: readonly string[];
}

const folder = fileURLToPath(new URL('../../cases/', import.meta.url));
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.input.json'))
  .map((name) => name.replace('.input.json', ''))
  .sort();
const ecs = EcsFlat as unknown as Readonly<Record<string, EcsDefinition>>;
const fields = new Map(targetFields().map((field) => [field.name, field]));
const mapper = createMapper();
const validate = createValidator();
const context = mapContext(new Date('2026-03-02T00:00:00.000Z'), {
  input: 'file',
  path: '/var/log/cloudconnexa/events.jsonl',
});

/**
 * Input/expected pairs under test/cases. After a deliberate change of the mapping, run with UPDATE_CASES=1 and read the
 * difference line by line before committing it.
 */
describe('map: cases', () => {
  for (const name of names) {
    const text = readFileSync(`${folder}${name}.input.json`, 'utf8');
    const mapped = mapper.map({ text, value: JSON.parse(text) as JsonObject }, validate, context);
    const actual = { _index: mapped.index, _id: mapped.id, _source: JSON.parse(mapped.source) as JsonObject };
    const file = `${folder}${name}.expected.json`;
    if (process.env['UPDATE_CASES'] === '1') writeFileSync(file, JSON.stringify(actual, null, 2) + '\n');

    it(`maps ${name} to the expected document`, () => {
      expect(actual).to.deep.equal(JSON.parse(readFileSync(file, 'utf8')));
    });

    it(`has in ${name} only fields of the list, and each where ECS ${ecs['ecs.version'] === undefined ? '' : '9.4'} says it is`, () => {
      const expected = JSON.parse(readFileSync(file, 'utf8')) as { _source: JsonObject };
      const faults = leaves(expected._source).flatMap(([field, value]) => conformanceFaults(field, value));
      expect(faults).to.deep.equal([]);
    });

    it(`pairs categories and types in ${name} as ECS expects`, () => {
      const { _source } = JSON.parse(readFileSync(file, 'utf8')) as { _source: { event: Categorised } };
      expect(pairingFaults(_source.event)).to.deep.equal([]);
    });
  }

  it('has a case for every field that a document can have', () => {
    const seen = new Set(
      names.flatMap((name) => {
        const { _source } = JSON.parse(readFileSync(`${folder}${name}.expected.json`, 'utf8')) as {
          _source: JsonObject;
        };
        return leaves(_source).map(([field]) => field);
      }),
    );
    const byPipelineOrS3 = /^(event\.ingested|aws\.s3\.|(source|destination)\.(geo|as)\.)/;
    const missing = [...fields.keys()].filter(
      (name) => !seen.has(name) && !byPipelineOrS3.test(name) && !name.startsWith('cloudconnexa.invalid.'),
    );
    expect(missing).to.deep.equal([]);
  });
});

/** Dotted name and value of everything in a document that is not an object; a flattened field is one value. */
function leaves(object: JsonObject, prefix = ''): [string, unknown][] {
  return Object.entries(object).flatMap(([key, value]): [string, unknown][] => {
    const name = prefix + key;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && fields.get(name)?.type !== 'flattened' ? leaves(value, `${name}.`) : [[name, value]];
  });
}

function conformanceFaults(name: string, value: unknown): string[] {
  const field = fields.get(name);
  if (field === undefined) return [`${name} is not in the field list`];
  const definition = ecs[name];
  if (definition === undefined) return isOwn(name) ? shapeFaults(field, value) : [`${name} is neither ECS nor ours`];
  if (definition.type !== field.type) return [`${name} is ${definition.type} in ECS, ${field.type} here`];
  if (definition.normalize.includes('array') !== Array.isArray(value))
    return [`${name}: ECS and we differ on being an array`];
  return [...shapeFaults(field, value), ...valueFaults(name, value, definition)];
}

interface Categorised {
  readonly category?: readonly string[];
  readonly type?: readonly string[];
}

/** ECS lists the types that it expects with each category: none of either may stand without its like. */
function pairingFaults({ category = [], type = [] }: Categorised): string[] {
  const expected = new Map(ecs['event.category']?.allowed_values?.map((one) => [one.name, one.expected_event_types]));
  const strangers = type.filter((one) => !category.some((name) => expected.get(name)?.includes(one)));
  const lonely = category.filter((name) => !type.some((one) => expected.get(name)?.includes(one)));
  return [
    ...strangers.map((one) => `type ${one} goes with none of ${category.join(', ')}`),
    ...lonely.map((name) => `category ${name} has no type that goes with it`),
  ];
}

function isOwn(name: string): boolean {
  return name.startsWith('cloudconnexa.') || name.startsWith('aws.s3.');
}

function valueFaults(name: string, value: unknown, { allowed_values, expected_values }: EcsDefinition): string[] {
  const allowed = allowed_values?.map((one) => one.name) ?? expected_values;
  if (allowed === undefined) return [];
  return [value]
    .flat()
    .flatMap((one) => (allowed.includes(one as string) ? [] : [`${name}: ECS does not have ${String(one)}`]));
}

const javascriptType: Partial<Record<TargetField['type'], string>> = {
  long: 'number',
  float: 'number',
  boolean: 'boolean',
  flattened: 'object',
};

function shapeFaults(field: TargetField, value: unknown): string[] {
  const wanted = javascriptType[field.type] ?? 'string';
  return [value]
    .flat()
    .flatMap((one) => (typeof one === wanted ? [] : [`${field.name}: ${typeof one} instead of ${wanted}`]));
}
