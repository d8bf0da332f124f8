import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { fitFormats, fits } from './map/fits.js';
import { ipTable } from './map/ip.js';
import { loadMappings, perEvent, type EventMapping, type MappingLists } from './map/list.js';
import type { Fault, FaultFinder } from './map/mapper.js';
import { eventSchema } from './map/schema.js';

interface Validators {
  readonly check: ValidateFunction;
  /** The same schema, told to find all faults: slower, so run only when there is one. */
  readonly list: ValidateFunction;
  readonly expected: ReadonlyMap<string, string>;
}

/**
 * Makes a validator for events of any name; a schema is compiled when its first event comes. The result looks at one event and names the vendor fields whose values do not
 * fit; undefined when all do.
 */
export function createValidator(lists: MappingLists = loadMappings()): FaultFinder {
  const compiled = perEvent(lists, compile);
  return (event) => {
    const validators = compiled(event['eventName']);
    if (validators.check(event)) return undefined;
    validators.list(event);
    return faultsOf(validators.list.errors ?? [], validators.expected);
  };
}

function compile(event: EventMapping): Validators {
  const schema = eventSchema(event);
  const expected = new Map(
    event.fields.flatMap((f) => [f.vendor, ...f.aliases].map((name) => [name, fits[f.fits].expected])),
  );
  expected.set('log', 'an object');
  return { check: ajv(false).compile(schema), list: ajv(true).compile(schema), expected };
}

function ajv(allErrors: boolean): Ajv {
  const ip = ipTable();
  const formats = fitFormats((text) => ip(text) !== undefined);
  return new Ajv({ allErrors, formats, allowUnionTypes: true });
}

function faultsOf(errors: readonly ErrorObject[], expected: ReadonlyMap<string, string>): Fault[] {
  const faults = new Map<string, Fault>();
  for (const error of errors) {
    const vendor = error.keyword === 'required' ? 'timestamp' : error.instancePath.slice(1).replaceAll('/', '.');
    const text = expected.get(vendor);
    if (text !== undefined) faults.set(vendor, { vendor, expected: text });
  }
  return [...faults.values()];
}
