import { fits } from './fits.js';
import type { EventMapping, VendorField } from './list.js';

const LOG = 'log.';

/**
 * The JSON Schema (draft-07) of an event as the connector takes it: every form the vendor sends fits, null and "" count
 * as missing, unknown keys are allowed. A value that does not fit costs its field, never the event.
 */
export function eventSchema(event: EventMapping): object {
  const header = event.fields.filter((field) => !field.vendor.startsWith(LOG));
  const log = event.fields.filter((field) => field.vendor.startsWith(LOG));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `CloudConnexa event ${event.event}`,
    description: event.description,
    type: 'object',
    required: ['timestamp'],
    properties: {
      ...properties(header),
      log: optional({ type: 'object', description: "The event's own fields.", properties: properties(log) }),
    },
  };
}

function properties(fields: readonly VendorField[]): Record<string, object> {
  const entries: [string, object][] = [];
  for (const field of fields) {
    const schema = fieldSchema(field);
    for (const name of [field.vendor, ...field.aliases]) {
      entries.push([name.startsWith(LOG) ? name.slice(LOG.length) : name, schema]);
    }
  }
  return Object.fromEntries(entries);
}

function fieldSchema(field: VendorField): object {
  const { schema } = fits[field.fits];
  const described = { description: field.description };
  if (field.fits === 'timestamp') return { ...described, ...schema };
  if (field.fits === 'text') return { ...described, type: ['string', 'number', 'boolean', 'null'] };
  return { ...described, ...optional(schema) };
}

function optional(schema: object): object {
  const choices = 'anyOf' in schema ? (schema.anyOf as object[]) : [schema];
  return { anyOf: [...choices, { type: 'null' }, { const: '' }] };
}
