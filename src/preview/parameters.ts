import { isIP } from 'node:net';
import type { PanelQuery } from '../dashboards/search.js';
import type { FieldType } from '../map/fields.js';
import type { Scalar } from '../query/where.js';
import { BadParameter } from './refusal.js';

/** Of each field that events can be filtered by. */
export type FieldTypes = ReadonlyMap<string, FieldType>;

const MAX_TEXT = 1024;
const MAX_PERIOD_MS = 10 * 366 * 86_400_000;

/** A parameter that must be there, once. @throws BadParameter */
export function one(query: URLSearchParams, name: string): string {
  const [value, ...more] = query.getAll(name);
  if (value === undefined || value === '') throw new BadParameter(name, 'is missing.');
  if (more.length > 0) throw new BadParameter(name, 'is given more than once.');
  if (value.length > MAX_TEXT) throw new BadParameter(name, `is longer than ${MAX_TEXT} characters.`);
  return value;
}

/** `from` and `to`. @throws BadParameter */
export function periodOf(query: URLSearchParams): { readonly from: Date; readonly to: Date } {
  const [from, to] = [time(query, 'from'), time(query, 'to')];
  if (from >= to) throw new BadParameter('to', 'must be after from.');
  if (to.getTime() - from.getTime() > MAX_PERIOD_MS) throw new BadParameter('from', 'must not be ten years before to.');
  return { from, to };
}

function time(query: URLSearchParams, name: string): Date {
  const text = one(query, name);
  // `new Date` alone takes many more texts for times, each engine its own.
  const date = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/.test(text)
    ? new Date(text)
    : undefined;
  if (date === undefined || Number.isNaN(date.getTime()))
    throw new BadParameter(name, 'must be a time such as 2026-02-03T04:05:06Z.');
  return date;
}

/** Period, verdict and filters, as the searches want them. @throws BadParameter */
export function panelQueryOf(query: URLSearchParams, types: FieldTypes): PanelQuery {
  const { from, to } = periodOf(query);
  const filters = query.getAll('filter').map((text) => filterOf(text, types));
  const fields = filters.map(([field]) => field);
  const twice = fields.find((field, i) => fields.indexOf(field) < i);
  if (twice !== undefined) throw new BadParameter('filter', `names ${twice} more than once.`);
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    where: { ...verdictOf(query), ...Object.fromEntries(filters) },
  };
}

function verdictOf(query: URLSearchParams): Readonly<Record<string, Scalar>> {
  if (!query.has('verdict')) return {};
  const verdict = one(query, 'verdict');
  if (verdict !== 'allowed' && verdict !== 'denied') throw new BadParameter('verdict', 'must be allowed or denied.');
  return { 'event.type': verdict };
}

/** `<field>:<value>`; names of fields have no colon, values may. */
function filterOf(text: string, types: FieldTypes): [field: string, value: Scalar] {
  const colon = text.indexOf(':');
  const [field, value] = [text.slice(0, colon), text.slice(colon + 1)];
  if (colon < 1 || value === '') throw new BadParameter('filter', 'must be <field>:<value>.');
  if (value.length > MAX_TEXT) throw new BadParameter('filter', `has a value longer than ${MAX_TEXT} characters.`);
  return [field, scalarOf(value, filterField(field, types), `${field} in filter`)];
}

/** @throws BadParameter when events have no such field, or one that can't be filtered by */
export function filterField(name: string, types: FieldTypes): FieldType {
  const type = types.get(name);
  if (type === undefined) throw new BadParameter('field', `names ${name}, which is none to filter by.`);
  return type;
}

/** The engines refuse a value that does not fit its field, for all panels and in words for developers. */
function scalarOf(value: string, type: FieldType, name: string): Scalar {
  if (type === 'long' && !/^-?\d{1,15}$/.test(value)) throw new BadParameter(name, 'must be a whole number.');
  if (type === 'boolean' && value !== 'true' && value !== 'false')
    throw new BadParameter(name, 'must be true or false.');
  if (type === 'ip' && !isAddress(value)) throw new BadParameter(name, 'must be an IP address or a block of them.');
  if (type === 'long') return Number(value);
  return type === 'boolean' ? value === 'true' : value;
}

function isAddress(value: string): boolean {
  const [, address = '', bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(value) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(bits ?? 0) <= (version === 4 ? 32 : 128);
}

/** A whole number from 1 to `most`. @throws BadParameter */
export function sizeOf(query: URLSearchParams, most: number): number {
  const text = one(query, 'size');
  const size = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (size < 1 || size > most) throw new BadParameter('size', `must be a whole number from 1 to ${most}.`);
  return size;
}
