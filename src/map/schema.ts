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
      log: {
        description: "The event's own fields.",
        type: ['object', 'null', 'string'],
        maxLength: 0,
        properties: properties(log),
      },
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

/** Null and "" stand for a missing value everywhere but in the timestamp, which every event must have. */
function fieldSchema({ fits: fit, description }: VendorField): object {
  const { types, keywords } = fits[fit];
  return { description, type: fit === 'timestamp' ? types : [...types, 'null'], ...keywords };
}
