import type { ErrorObject, ValidateFunction } from 'ajv';
import { fitFormats, fits } from './map/fits.js';
import { ipTable } from './map/ip.js';
import { loadMappings, perEvent, type EventMapping, type MappingLists } from './map/list.js';
import type { Fault, FaultFinder } from './map/mapper.js';
import { eventSchema } from './map/schema.js';
import { compileCheck, type Check, type Formats } from './prepared.js';

interface Validators {
  readonly check: ValidateFunction;
  /** The same schema, told to find all faults: slower, so compiled and run only when there is one. */
  readonly list: () => ValidateFunction;
  readonly expected: ReadonlyMap<string, string>;
}

/**
 * Makes a validator for events of any name; a schema is compiled when its first event comes. The result looks at one event and names the vendor fields whose values do not
 * fit; undefined when all do.
 */
export function createValidator(lists: MappingLists = loadMappings()): FaultFinder {
  const ip = ipTable();
  const formats = fitFormats((text) => ip(text) !== undefined);
  const compiled = perEvent(lists, (event) => compile(event, formats));
  return (event) => {
    const validators = compiled(event['eventName']);
    if (validators.check(event)) return undefined;
    const list = validators.list();
    list(event);
    return faultsOf(list.errors ?? [], validators.expected);
  };
}

/** How events of a list are looked at: for whether anything does not fit, and for all that does not. */
export function eventChecks(event: EventMapping): { readonly first: Check; readonly all: Check } {
  const schema = eventSchema(event);
  // The schemas are made here: checking them would mean compiling the schema of schemas.
  const options = { allowUnionTypes: true, validateSchema: false };
  return { first: { schema, options }, all: { schema, options: { ...options, allErrors: true } } };
}

function compile(event: EventMapping, formats: Formats): Validators {
  const { first, all } = eventChecks(event);
  const expected = new Map(
    event.fields.flatMap((f) => [f.vendor, ...f.aliases].map((name) => [name, fits[f.fits].expected])),
  );
  expected.set('log', 'an object');
  let list: ValidateFunction | undefined;
  return { check: compileCheck(first, formats), list: () => (list ??= compileCheck(all, formats)), expected };
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
