import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { fitFormats, fits } from './map/fits.js';
import { ipTable } from './map/ip.js';
import { loadMappings, perEvent, type EventMapping, type MappingLists } from './map/list.js';
import type { Fault, FaultFinder } from './map/mapper.js';
import { eventSchema } from './map/schema.js';

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
  const [first, all] = [ajv(false), ajv(true)];
  const compiled = perEvent(lists, (event) => compile(event, first, all));
  return (event) => {
    const validators = compiled(event['eventName']);
    if (validators.check(event)) return undefined;
    const list = validators.list();
    list(event);
    return faultsOf(list.errors ?? [], validators.expected);
  };
}

function compile(event: EventMapping, first: Ajv, all: Ajv): Validators {
  const schema = eventSchema(event);
  const expected = new Map(
    event.fields.flatMap((f) => [f.vendor, ...f.aliases].map((name) => [name, fits[f.fits].expected])),
  );
  expected.set('log', 'an object');
  let list: ValidateFunction | undefined;
  return { check: first.compile(schema), list: () => (list ??= all.compile(schema)), expected };
}

function ajv(allErrors: boolean): Ajv {
  const ip = ipTable();
  const formats = fitFormats((text) => ip(text) !== undefined);
  // The schemas are made here: checking them would mean compiling the schema of schemas at every start.
  return new Ajv({ allErrors, formats, allowUnionTypes: true, validateSchema: false });
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
