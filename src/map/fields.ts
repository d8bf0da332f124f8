import { packageJson } from '../package-root.js';
import { fits } from './fits.js';
import { storageOf, type Storage } from './storage.js';
import { loadMappings, type EventMapping, type ExtraField, type MappingLists, type VendorField } from './list.js';

/** Elasticsearch field types that documents use. */
export type FieldType =
  | 'keyword'
  | 'ip'
  | 'long'
  | 'boolean'
  | 'date'
  | 'match_only_text'
  | 'flattened'
  | 'constant_keyword'
  | 'geo_point'
  | 'float';

/** A field a document can have. */
export interface TargetField {
  /** Dotted name. */
  readonly name: string;
  readonly type: FieldType;
  readonly description: string;
  /** `ecs`: defined by ECS with this type; `own`: ours, under `cloudconnexa.*` (or `aws.s3.*`). */
  readonly home: 'ecs' | 'own';
  /** Whether ECS wants an array. */
  readonly array: boolean;
  readonly storage: Storage;
}

/** A field without what the lists say of all fields together. */
type FoundField = Omit<TargetField, 'storage'>;

/** What `mappings/generated/ecs.json` keeps of ECS for one field. */
export interface EcsField {
  readonly type: FieldType;
  readonly description: string;
  readonly array: boolean;
}

/** Where values that do not fit are kept, as text, by the vendor field's name. */
export const INVALID = 'cloudconnexa.invalid';

/**
 * Every field a document can have, of all events, in alphabetical order: what the connector writes and what the ingest
 * pipeline adds. Templates and the fields page are made from it.
 */
export function targetFields(lists: MappingLists = loadMappings(), ecs = ecsFields()): readonly TargetField[] {
  const found = new Map<string, TargetField>();
  const add = (field: FoundField): void => {
    const storage = storageOf(field.name, lists.storage);
    if (!found.has(field.name)) found.set(field.name, { ...field, storage });
  };
  for (const event of lists.events) eventFields(event, ecs).forEach(add);
  for (const extra of [...lists.connector, ...lists.pipeline]) add(extraField(extra, ecs));
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Names of all ECS fields the lists use: what `generated/ecs.json` must have. */
export function usedNames(lists: MappingLists): string[] {
  const names = new Set<string>();
  for (const event of lists.events) {
    for (const name of placedNames(event)) names.add(name);
  }
  for (const extra of [...lists.connector, ...lists.pipeline]) names.add(extra.name);
  return [...names].sort();
}

/**
 * The name of each vendor field of an event under {@link INVALID}: its own, without the `log.` in front. A field of `log`
 * that is called as one of the header has `log_` there: `log.category` beside `category`.
 */
export function invalidNames({ fields }: EventMapping): ReadonlyMap<string, string> {
  const vendors = ['log', ...fields.flatMap((field) => [field.vendor, ...field.aliases])];
  const header = new Set(vendors.filter((vendor) => !vendor.startsWith('log.')));
  return new Map(vendors.map((vendor) => [vendor, invalidName(vendor, header)]));
}

function invalidName(vendor: string, header: ReadonlySet<string>): string {
  if (!vendor.startsWith('log.')) return vendor;
  const name = vendor.slice(4);
  return header.has(name) ? `log_${name}` : name;
}

/** Types and descriptions of the ECS fields in use, from `mappings/generated/ecs.json`. */
export function ecsFields(): Readonly<Record<string, EcsField>> {
  return packageJson('mappings/generated/ecs.json') as Record<string, EcsField>;
}

function placedNames(event: EventMapping): string[] {
  return [
    ...Object.keys(event.constants),
    ...event.fields.flatMap((field) => field.to.map((place) => place.field)),
    ...event.rules.flatMap((call) => Object.values(call.to)),
  ];
}

function eventFields(event: EventMapping, ecs: Readonly<Record<string, EcsField>>): FoundField[] {
  const fields: FoundField[] = [];
  for (const field of event.fields) {
    for (const place of field.to) fields.push(ecsField(place.field, ecs) ?? ownField(place.field, field));
  }
  for (const [vendor, name] of invalidNames(event)) fields.push(invalidField(name, vendor));
  for (const name of placedNames(event)) {
    const field = ecsField(name, ecs);
    if (field !== undefined) fields.push(field);
  }
  return fields;
}

function ecsField(name: string, ecs: Readonly<Record<string, EcsField>>): FoundField | undefined {
  const known = ecs[name];
  return known === undefined ? undefined : { name, ...known, home: 'ecs' };
}

function ownField(name: string, { fits: fit, description }: VendorField): FoundField {
  return { name, type: fits[fit].fieldType, description, home: 'own', array: false };
}

function invalidField(name: string, vendor: string): FoundField {
  return {
    name: `${INVALID}.${name}`,
    type: 'keyword',
    description: `The vendor's ${vendor} as text, when it does not fit its type.`,
    home: 'own',
    array: false,
  };
}

function extraField(extra: ExtraField, ecs: Readonly<Record<string, EcsField>>): FoundField {
  const field = ecsField(extra.name, ecs);
  if (field !== undefined) return field;
  return {
    name: extra.name,
    type: (extra.type ?? 'keyword') as FieldType,
    description: extra.description ?? '',
    home: 'own',
    array: false,
  };
}
