import { compileFunction } from 'node:vm';
import { CLOSE_OBJECT, IN_STRING, OPEN, openObject, writeMember } from './pieces.js';
import { ConnectorError } from '../errors.js';
import type { EcsField, TargetField } from './fields.js';
import type { Constant, EventMapping, Place, VendorField } from './list.js';
import { decimal, truth } from './fits.js';
import type { RuleEnvironment } from './rules/index.js';
import { rulesFor } from './rules/index.js';
import type { JsonObject } from '../record.js';

/** Pieces of JSON text that are not made from the list: what the mapper puts into one document. */
export interface Extras {
  /** JSON object text of `cloudconnexa.invalid`, or empty. */
  readonly invalid: string;
  /** JSON text of `cloudconnexa.unmapped`, or empty. */
  readonly unmapped: string;
  /** JSON text of `error.message`, or empty; with it `event.kind` is pipeline_error. */
  readonly error: string;
  /** Members of the document's top level that say where the event was read, each with a comma in front, or empty. */
  readonly origin: string;
}

/**
 * Writes the JSON text of one event's document. The event's values fit their fields (those that don't were taken out).
 *
 * @param readAt ISO 8601 time of reading, for `event.created`.
 */
export type DocumentWriter = (event: JsonObject, readAt: string, extras: Extras) => string;

export interface CompileOptions extends RuleEnvironment {
  readonly namespace: string;
  /** Whether the connector sets `event.ingested` itself, because the cluster can't. */
  readonly setIngested: boolean;
  /** Whether strings may hold characters that JSON escapes; when not, they are copied as they are. */
  readonly escape: boolean;
}

/** The document starts with this and 24 characters of time when the connector sets `event.ingested`: senders overwrite them. */
export const INGESTED_PREFIX = '{"event":{"ingested":"';

/**
 * Compiles an event's field list into a function that writes documents: straight-line code with a local variable for
 * each vendor field and each document field, and all constant text joined beforehand. Nothing of the list is looked at
 * per event.
 *
 * @throws ConnectorError CCX_MAPPING_INVALID when the list names an unknown rule, vendor field or document field.
 */
export function compileWriter(
  mapping: EventMapping,
  fields: ReadonlyMap<string, Pick<TargetField, 'type' | 'array'> | EcsField>,
  options: CompileOptions,
): DocumentWriter {
  const source = new WriterSource(mapping, fields, options).build();
  const parameters = ['rules', 'ip', 'decimal', 'truth', 'EMPTY'];
  const make = compileFunction(source, parameters, { filename: `writer-of-${mapping.event}.js` }) as MakeWriter;
  return make(rulesFor(options), options.ip, decimal, truth, Object.freeze({}));
}

type MakeWriter = (...args: unknown[]) => DocumentWriter;

/** A member of the document. */
interface Leaf {
  /** Expression that says whether it is written; absent when it always is. */
  readonly present?: string;
  /** `string`: an expression of a string without quotes around it. `json`: of JSON text. `constant`: JSON text itself. */
  readonly kind: 'string' | 'json' | 'constant';
  readonly text: string;
}
type Tree = Map<string, Leaf | Tree>;

/** A loop of concatenations: for the two or three elements of a list it is four times as fast as `join`. */
const QUOTE_LIST = `const quoteList = (list) => {
  let text = '[' + quote(list[0]);
  for (let i = 1; i < list.length; i++) text = text + ',' + quote(list[i]);
  return text + ']';
};`;

class WriterSource {
  readonly #mapping: EventMapping;
  readonly #fields: ReadonlyMap<string, Pick<TargetField, 'type' | 'array'>>;
  readonly #options: CompileOptions;
  readonly #lines: string[] = [];
  readonly #variables = new Map<string, string>();
  readonly #tree: Tree = new Map();

  constructor(
    mapping: EventMapping,
    fields: ReadonlyMap<string, Pick<TargetField, 'type' | 'array'>>,
    options: CompileOptions,
  ) {
    this.#mapping = mapping;
    this.#fields = fields;
    this.#options = options;
  }

  build(): string {
    this.#connectorLeaves();
    this.#lines.push(
      `const log = event.log === undefined || event.log === null || event.log === '' ? EMPTY : event.log;`,
    );
    for (const field of this.#mapping.fields) this.#readVendor(field);
    for (const field of this.#mapping.fields) this.#placeVendor(field);
    for (const call of this.#mapping.rules) this.#callRule(call.rule, call.from, call.to);
    for (const [name, value] of Object.entries(this.#mapping.constants)) this.#constant(name, value);
    this.#errorLeaves();
    this.#lines.push(`let s = '{', end = ${OPEN};`);
    this.#members(this.#tree);
    return [
      `'use strict';`,
      `const quote = (text) => ${this.#options.escape ? 'JSON.stringify(text)' : `'"' + text + '"'`};`,
      QUOTE_LIST,
      `return (event, readAt, extras) => {`,
      ...this.#lines,
      `return s + (end === ${IN_STRING} ? '"' : '') + extras.origin + '}';`,
      `};`,
    ].join('\n');
  }

  /** Leaves at the document's start: `event.ingested` must come first for {@link INGESTED_PREFIX} to hold. */
  #connectorLeaves(): void {
    if (this.#options.setIngested) this.#leaf('event.ingested', { kind: 'string', text: 'readAt' });
    this.#leaf('event.created', { kind: 'string', text: 'readAt' });
    const dataset = `cloudconnexa.${this.#mapping.dataset}`;
    this.#constant('event.dataset', dataset);
    this.#constant('data_stream.type', 'logs');
    this.#constant('data_stream.dataset', dataset);
    this.#constant('data_stream.namespace', this.#options.namespace);
  }

  #errorLeaves(): void {
    const kind = this.#mapping.constants['event.kind'] ?? 'event';
    const text = `(extras.error === '' ? ${JSON.stringify(kind)} : 'pipeline_error')`;
    this.#leaf('event.kind', { kind: 'string', text });
    this.#raw('error.message', 'extras.error');
    this.#raw('cloudconnexa.invalid', 'extras.invalid');
    this.#raw('cloudconnexa.unmapped', 'extras.unmapped');
  }

  #readVendor(field: VendorField): void {
    const variable = this.#variable(field.vendor);
    this.#lines.push(`let ${variable} = ${access(field.vendor)};`);
    for (const alias of field.aliases) {
      this.#lines.push(`if (${absent(variable)}) ${variable} = ${access(alias)};`);
    }
    this.#lines.push(`if (${absent(variable)}) ${variable} = undefined; ${conversion(field, variable)}`);
  }

  #placeVendor(field: VendorField): void {
    const value = this.#variable(field.vendor);
    for (const place of field.to) {
      const target = this.#variable(place.field);
      this.#lines.push(`const ${target} = ${this.#placed(value, place)};`);
      if (field.fits === 'timestamp') this.#leaf(place.field, { kind: 'string', text: `(${target} ?? readAt)` });
      else this.#value(place.field, target, false);
    }
  }

  #placed(value: string, place: Place): string {
    const conditions = Object.entries(place.when ?? {}).map(([vendor, values]) => {
      const variable = this.#known(vendor);
      return `(${values.map((text) => `${variable} === ${JSON.stringify(text)}`).join(' || ')})`;
    });
    if (place.as === 'ip') conditions.push(`ip(${value}) !== undefined`);
    const result = place.as === 'lower' ? `${value}.toLowerCase()` : value;
    if (conditions.length === 0 && result === value) return value;
    return `${[`${value} !== undefined`, ...conditions].join(' && ')} ? ${result} : undefined`;
  }

  #callRule(rule: string, from: readonly string[], to: Readonly<Record<string, string>>): void {
    if (!Object.hasOwn(rulesFor(this.#options), rule)) this.#fail(`unknown rule ${rule}`);
    const result = `r${this.#lines.length}`;
    this.#lines.push(`const ${result} = rules.${rule}(${from.map((name) => this.#known(name)).join(', ')});`);
    for (const [output, field] of Object.entries(to)) {
      const target = this.#variable(field);
      this.#lines.push(`const ${target} = ${result}.${output};`);
      this.#value(field, target, true);
    }
  }

  #constant(name: string, value: Constant): void {
    if (name === 'event.kind') return;
    this.#leaf(name, { kind: 'constant', text: JSON.stringify(value) });
  }

  /** A field of the list: written by its type when its variable is not undefined. Rules give arrays for array fields. */
  #value(name: string, variable: string, fromRule: boolean): void {
    const field = this.#fields.get(name);
    if (field === undefined) return this.#fail(`unknown document field ${name}`);
    const present = `${variable} !== undefined`;
    const isText = field.type !== 'long' && field.type !== 'boolean';
    if (field.array) {
      const list = fromRule ? variable : `[${variable}]`;
      this.#leaf(name, { present, kind: 'json', text: isText ? `quoteList(${list})` : `JSON.stringify(${list})` });
    } else {
      this.#leaf(name, { present, kind: isText ? 'string' : 'json', text: variable });
    }
  }

  #raw(name: string, expression: string): void {
    this.#leaf(name, { present: `${expression} !== ''`, kind: 'json', text: expression });
  }

  #leaf(name: string, leaf: Leaf): void {
    const path = name.split('.');
    const last = path.pop() ?? name;
    let tree = this.#tree;
    for (const step of path) {
      const next = tree.get(step) ?? new Map<string, Leaf | Tree>();
      if (!(next instanceof Map)) return this.#fail(`${name} lies below a field that has a value`);
      tree.set(step, next);
      tree = next;
    }
    tree.set(last, leaf);
  }

  /** Adds the statements that write the members of an object that was just opened: first those that are always there. */
  #members(tree: Tree): void {
    const [always, sometimes] = partition([...tree], ([, node]) => presence(node) === undefined);
    for (const [key, node] of [...always, ...sometimes]) {
      if (node instanceof Map) this.#object(key, node);
      else this.#member(key, node);
    }
  }

  #member(key: string, leaf: Leaf): void {
    const { kind, text } = leaf;
    const write =
      kind === 'constant'
        ? writeMember(key, 'json', JSON.stringify(text))
        : kind === 'string' && this.#options.escape
          ? writeMember(key, 'json', `JSON.stringify(${text})`)
          : writeMember(key, kind, text);
    this.#lines.push(leaf.present === undefined ? write : `if (${leaf.present}) { ${write} }`);
  }

  /** An object is written only when it has a member. */
  #object(key: string, tree: Tree): void {
    const present = presence(tree);
    if (present !== undefined) this.#lines.push(`if (${present}) {`);
    this.#lines.push(openObject(key));
    this.#members(tree);
    this.#lines.push(CLOSE_OBJECT);
    if (present !== undefined) this.#lines.push('}');
  }

  #variable(name: string): string {
    const known = this.#variables.get(name) ?? `v${this.#variables.size}`;
    this.#variables.set(name, known);
    return known;
  }

  #known(name: string): string {
    const variable = this.#variables.get(name);
    return variable ?? this.#fail(`${name} is neither a vendor field nor set before`);
  }

  #fail(message: string): never {
    throw new ConnectorError('CCX_MAPPING_INVALID', message, { place: `field list of ${this.#mapping.event}` });
  }
}

/** Expression that says whether a member, or any member of an object, is written; undefined when one always is. */
function presence(node: Leaf | Tree): string | undefined {
  if (!(node instanceof Map)) return node.present;
  const conditions = [...node.values()].map(presence);
  return conditions.includes(undefined) ? undefined : conditions.join(' || ');
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

function access(vendor: string): string {
  return vendor.startsWith('log.') ? `log[${JSON.stringify(vendor.slice(4))}]` : `event[${JSON.stringify(vendor)}]`;
}

function absent(variable: string): string {
  return `${variable} === undefined || ${variable} === null || ${variable} === ''`;
}

function conversion(field: VendorField, variable: string): string {
  switch (field.fits) {
    case 'text':
      return `else if (typeof ${variable} !== 'string') ${variable} = String(${variable});`;
    case 'boolean':
      return `else ${variable} = truth(${variable});`;
    case 'integer':
    case 'port':
    case 'protocol_number':
      return `else if (typeof ${variable} === 'string') ${variable} = decimal(${variable});`;
    case 'ip':
    case 'timestamp':
      return '';
  }
}
