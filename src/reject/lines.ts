import { randomBytes } from 'node:crypto';
import { ConnectorError } from '../errors.js';
import type { RejectRecord } from '../record.js';
import { parseJson, seal, unseal } from '../seal.js';

const FORMAT = 'cloudconnexa-ecs rejects';
const VERSION = 2;

/** The first line of a new file of the store, which it names. Version 1 had none, and no checksums. */
export function headerLine(): string {
  return seal({ format: FORMAT, version: VERSION, file: randomBytes(8).toString('hex') });
}

/** How long the line with which a store begins is, with its newline. */
export const HEADER_LINE_BYTES = headerLine().length + 1;

/** What one line of the store is. */
export type RejectLine =
  /** `file` names the file: one written anew has another. */
  | { readonly kind: 'header'; readonly file?: string }
  | { readonly kind: 'record'; readonly record: RejectRecord; readonly sealed: boolean }
  /** The ids of records taken out again: of those that stand before this line. */
  | { readonly kind: 'removal'; readonly removed: readonly string[] }
  /** Torn or altered: nobody knows what it said. */
  | { readonly kind: 'damaged' };

/** A record as its line, without the newline. */
export function recordLine(record: RejectRecord): string {
  return seal(record);
}

export function removalLine(removed: readonly string[]): string {
  return seal({ removed });
}

/**
 * Takes a line, without its newline, apart. A line without `sum` is one that version 1 wrote, or a person: it counts when it has
 * nothing but what a record has. Throws CCX_REJECT_VERSION for the first line of a newer version.
 */
export function parseLine(bytes: Buffer, place: string): RejectLine {
  const value = unseal(bytes);
  if (value !== undefined) return lineOf(value, true, place);
  const old = parseJson(bytes.toString('utf8'));
  return hasOnlyKnownFields(old) ? lineOf(old, false, place) : { kind: 'damaged' };
}

/** Any change to one byte of the name of `sum` makes a field that no record has. */
const KNOWN_FIELDS: ReadonlySet<string> = new Set<keyof RejectRecord | 'removed'>([
  'id',
  'time',
  'reason',
  'detail',
  'origin',
  'position',
  'event',
  'raw_base64',
  'length',
  'status',
  'error_type',
  'index',
  'document_id',
  'removed',
]);

function hasOnlyKnownFields(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).every((name) => KNOWN_FIELDS.has(name));
}

function lineOf(value: unknown, sealed: boolean, place: string): RejectLine {
  if (typeof value !== 'object' || value === null) return { kind: 'damaged' };
  if ('id' in value && typeof value.id === 'string') return { kind: 'record', record: value as RejectRecord, sealed };
  if ('removed' in value && Array.isArray(value.removed))
    return { kind: 'removal', removed: value.removed as readonly string[] };
  if (!('format' in value) || value.format !== FORMAT || !('version' in value)) return { kind: 'damaged' };
  if (typeof value.version === 'number' && value.version > VERSION) throw newerVersion(value.version, place);
  return 'file' in value && typeof value.file === 'string' ? { kind: 'header', file: value.file } : { kind: 'header' };
}

function newerVersion(version: number, place: string): ConnectorError {
  return new ConnectorError('CCX_REJECT_VERSION', `the reject store has version ${version}, known is ${VERSION}`, {
    place,
  });
}
