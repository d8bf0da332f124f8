import { readFileSync, readdirSync } from 'node:fs';
import { parse } from 'yaml';
import { ConnectorError } from '../errors.js';
import { packagePath } from '../package-root.js';
import { preparedTree } from '../prepared.js';
import type { StorageLists } from './storage.js';
import type { Repeat } from './writer-source.js';

/** What a vendor value has to be to fit its field; `src/map/fits.ts` gives each its JSON Schema and its conversion. */
export type Fits =
  'text' | 'integer' | 'count' | 'seconds' | 'port' | 'protocol_number' | 'boolean' | 'ip' | 'time' | 'timestamp';

/** One place a vendor field goes to. */
export interface Place {
  /** Field of the document, dotted. */
  readonly field: string;
  /** `lower`: in lower case. `ip`: only when the text is an IP address. */
  readonly as?: 'lower' | 'ip';
  /** Only when each of these vendor fields has one of these values. */
  readonly when?: Readonly<Record<string, readonly string[]>>;
}

/** A field of the vendor's event. */
export interface VendorField {
  /** Name in the header, or `log.<name>` for a field of the `log` object. */
  readonly vendor: string;
  readonly fits: Fits;
  readonly to: readonly Place[];
  readonly description: string;
  /** Release that added the field to its list; absent for those of the first. Keeps document ids as they were. */
  readonly since?: string;
  /** Older names of the field; the first that fits is taken. */
  readonly aliases: readonly string[];
}

/** A call of a rule of `src/map/rules/`: `from` are vendor fields and document fields set before, `to` names its outputs. */
export interface RuleCall {
  readonly rule: string;
  readonly from: readonly string[];
  readonly to: Readonly<Record<string, string>>;
}

/** A document field that has no vendor field of its own. Own fields (not ECS) say their type and description. */
export interface ExtraField {
  readonly name: string;
  readonly type?: string;
  readonly description?: string;
}

export type Constant = string | readonly string[];

/** Everything there is to know about the mapping of one event: the header's list and the event's own, joined. */
export interface EventMapping {
  /** The vendor's event name; `other` for names that no list has. */
  readonly event: string;
  /** Dataset without the `cloudconnexa.` in front: `flow`, `session`, … */
  readonly dataset: string;
  readonly description: string;
  readonly constants: Readonly<Record<string, Constant>>;
  readonly fields: readonly VendorField[];
  readonly rules: readonly RuleCall[];
  /** What keeps its value over many events; only speed depends on it. */
  readonly repeats: readonly Repeat[];
}

export interface MappingLists {
  readonly ecsVersion: string;
  readonly events: readonly EventMapping[];
  /** Document fields the connector sets itself. */
  readonly connector: readonly ExtraField[];
  /** Document fields the ingest pipeline adds. */
  readonly pipeline: readonly ExtraField[];
  readonly storage: StorageLists;
}

interface ListFile {
  event: string;
  dataset: string;
  description: string;
  ecs_version: string;
  constants: Record<string, Constant>;
  fields: (Omit<VendorField, 'to' | 'aliases'> & { to: (string | Place)[]; aliases?: string[] })[];
  rules: RuleCall[];
  repeats?: Repeat[];
  connector: (string | ExtraField)[];
  pipeline: (string | ExtraField)[];
  storage: StorageLists;
}

/** Name of the list that takes every event whose name no other list has. */
export const OTHER = 'other';

const HEADER = 'header.yml';

/**
 * Reads the field lists under `mappings/`: `header.yml` and one file per event. Adding a file adds an event.
 *
 * @throws ConnectorError CCX_MAPPING_INVALID when a file is not YAML or two files name the same event.
 */
export function loadMappings(folder = packagePath('mappings')): MappingLists {
  const header = readList(folder, HEADER);
  const names = readdirSync(folder).filter((name) => name.endsWith('.yml') && name !== HEADER);
  const events = names.sort().map((name) => joinLists(header, readList(folder, name)));
  checkNames(events, folder);
  return {
    ecsVersion: header.ecs_version,
    events,
    connector: header.connector.map(asExtra),
    pipeline: header.pipeline.map(asExtra),
    storage: header.storage,
  };
}

/**
 * Makes something of a field list when the first event of its name comes, and keeps it.
 * @returns the look-up by an event's name, whatever that is: names without a list have what {@link OTHER} has
 */
export function perEvent<T>({ events }: MappingLists, make: (event: EventMapping) => T): (name: unknown) => T {
  const lists = new Map<unknown, EventMapping>(events.map((event) => [event.event, event]));
  const other = lists.get(OTHER) as EventMapping;
  const made = new Map<EventMapping, T>();
  return (name) => {
    const list = lists.get(name) ?? other;
    let found = made.get(list);
    if (found === undefined) made.set(list, (found = make(list)));
    return found;
  };
}

function readList(folder: string, name: string): ListFile {
  try {
    const text = readFileSync(`${folder}/${name}`, 'utf8');
    return (preparedTree(text) ?? parse(text)) as ListFile;
  } catch (cause) {
    throw new ConnectorError('CCX_MAPPING_INVALID', 'a field list cannot be read', { place: name, cause });
  }
}

function joinLists(header: ListFile, list: ListFile): EventMapping {
  return {
    event: list.event,
    dataset: list.dataset,
    description: list.description,
    constants: { ...header.constants, ...list.constants },
    fields: [...header.fields, ...list.fields].map((field) => ({
      ...field,
      aliases: field.aliases ?? [],
      to: field.to.map((place) => (typeof place === 'string' ? { field: place } : place)),
    })),
    rules: [...header.rules, ...list.rules],
    repeats: list.repeats ?? [],
  };
}

function asExtra(field: string | ExtraField): ExtraField {
  return typeof field === 'string' ? { name: field } : field;
}

function checkNames(events: readonly EventMapping[], folder: string): void {
  const seen = new Set<string>();
  for (const { event } of events) {
    if (seen.has(event)) {
      throw new ConnectorError('CCX_MAPPING_INVALID', `two field lists name the event ${event}`, { place: folder });
    }
    seen.add(event);
  }
  if (!seen.has(OTHER)) {
    throw new ConnectorError('CCX_MAPPING_INVALID', `no field list for the event ${OTHER}`, { place: folder });
  }
}
