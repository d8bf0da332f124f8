import { ConnectorError } from '../errors.js';
import type { JsonObject, Origin } from '../record.js';
import { createValidator } from '../validate.js';
import { loadMappings } from './list.js';
import { createMapper, mapContext, type FaultFinder, type Mapper, type MapperOptions } from './mapper.js';

/** A document in Elastic Common Schema with where it belongs. */
export interface EcsDocument {
  /** Data stream, `logs-cloudconnexa.<dataset>-<namespace>`. */
  readonly index: string;
  /** The same for the same event, whatever its white space, file or time of reading. */
  readonly id: string;
  readonly document: JsonObject;
}

export interface MapEventOptions extends MapperOptions {
  /** For `event.created`; now by default. */
  readonly readAt?: Date;
  /** For `log.file.path` or `aws.s3.*`. */
  readonly origin?: Origin;
}

interface Parts {
  readonly mapper: Mapper;
  readonly validate: FaultFinder;
}

/** By the options that a mapper is compiled for: compiling takes some hundred times as long as mapping. */
const compiled = new Map<string, Parts>();

/**
 * Maps one CloudConnexa event. Give the JSON text rather than the parsed object where you have it: numbers beyond double
 * precision then keep all their digits.
 *
 * @throws ConnectorError CCX_EVENT_INVALID when the text is not JSON or not an object; never for what an object holds.
 */
export function mapEvent(event: string | JsonObject, options: MapEventOptions = {}): EcsDocument {
  const { readAt = new Date(), origin, ...mapperOptions } = options;
  const text = typeof event === 'string' ? event : JSON.stringify(event);
  const { mapper, validate } = partsFor(mapperOptions);
  const mapped = mapper.map({ text, value: parse(text) }, validate, mapContext(readAt, origin));
  return { index: mapped.index, id: mapped.id, document: JSON.parse(mapped.source) as JsonObject };
}

function partsFor(options: MapperOptions): Parts {
  const key = JSON.stringify(options);
  let known = compiled.get(key);
  if (known === undefined) {
    const lists = loadMappings();
    known = { mapper: createMapper(options, lists), validate: createValidator(lists) };
    compiled.set(key, known);
  }
  return known;
}

function parse(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConnectorError('CCX_EVENT_INVALID', 'the event is not JSON', { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new ConnectorError('CCX_EVENT_INVALID', 'the event is not a JSON object');
}
