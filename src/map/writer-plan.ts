import { ConnectorError } from '../errors.js';
import type { EcsField, TargetField } from './fields.js';
import type { Constant, EventMapping, Place, RuleCall, VendorField } from './list.js';

/** Vendor fields that a piece of code depends on; undefined when it depends on more than the event. */
export type Needs = ReadonlySet<string> | undefined;

/** A member of the document. */
export interface Leaf {
  /** Expression that says whether it is written; absent when it always is. */
  readonly present?: string;
  /**
   * `string`: an expression of a string without quotes around it. `list`: of an array of strings that is not empty. `json`: of JSON
   * text. `constant`: JSON text itself; `fixed`: the same, in the place that it has among those that are always there.
   */
  readonly kind: 'string' | 'list' | 'json' | 'constant' | 'fixed';
  readonly text: string;
  readonly needs: Needs;
  /** JSON text of what stands there when all of the event's values fit and are known; empty when nothing does. */
  readonly usually?: string;
  /** The vendor field whose text it is. */
  readonly vendor?: string;
  /** The variable that holds its value. */
  readonly variable?: string;
}

/** Members of an object by key. */
export type Tree = Map<string, Leaf | Tree>;

/** Statements that give values to variables. */
export interface Step {
  readonly lines: readonly string[];
  readonly defines: readonly string[];
  readonly needs: ReadonlySet<string>;
  /** The rule that is called, and the variables of its arguments. */
  readonly call?: { readonly rule: string; readonly args: readonly string[] };
}

/** What a writer does, before it is put into the order that is fastest. */
export interface WriterPlan {
  /** Variable by vendor field, and by document field. */
  readonly variables: ReadonlyMap<string, string>;
  /** Statements that read a vendor field, by its name. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
  /** What a variable depends on. */
  readonly needs: ReadonlyMap<string, ReadonlySet<string>>;
  readonly steps: readonly Step[];
  readonly tree: Tree;
}

type Fields = ReadonlyMap<string, Pick<TargetField, 'type' | 'array'> | EcsField>;

export interface PlanOptions {
  readonly namespace: string;
  readonly setIngested: boolean;
  readonly ruleNames: ReadonlySet<string>;
}

/** Turns an event's field list into a plan: what is read, what is made of it, and where each value goes. */
export function planWriter(mapping: EventMapping, fields: Fields, options: PlanOptions): WriterPlan {
  return new Planner(mapping, fields, options).plan();
}

class Planner {
  readonly #mapping: EventMapping;
  readonly #fields: Fields;
  readonly #options: PlanOptions;
  readonly #variables = new Map<string, string>();
  /** By variable. */
  readonly #needs = new Map<string, ReadonlySet<string>>();
  readonly #reads = new Map<string, readonly string[]>();
  readonly #steps: Step[] = [];
  readonly #tree: Tree = new Map();

  constructor(mapping: EventMapping, fields: Fields, options: PlanOptions) {
    this.#mapping = mapping;
    this.#fields = fields;
    this.#options = options;
  }

  plan(): WriterPlan {
    this.#connectorLeaves();
    for (const field of this.#mapping.fields) this.#readVendor(field);
    for (const field of this.#mapping.fields) this.#placeVendor(field);
    for (const call of this.#mapping.rules) this.#callRule(call);
    for (const [name, value] of Object.entries(this.#mapping.constants)) this.#constant(name, value);
    this.#errorLeaves();
    return {
      variables: this.#variables,
      reads: this.#reads,
      needs: this.#needs,
      steps: this.#steps,
      tree: this.#tree,
    };
  }

  /** Leaves at the document's start: `event.ingested` must come first for senders to find it. */
  #connectorLeaves(): void {
    const time = { kind: 'string', text: 'readAt', needs: undefined } as const;
    if (this.#options.setIngested) this.#leaf('event.ingested', time);
    this.#leaf('event.created', time);
    const dataset = `cloudconnexa.${this.#mapping.dataset}`;
    this.#constant('event.dataset', dataset);
    this.#constant('data_stream.type', 'logs');
    this.#constant('data_stream.dataset', dataset);
    this.#constant('data_stream.namespace', this.#options.namespace);
  }

  #errorLeaves(): void {
    const kind = this.#mapping.constants['event.kind'] ?? 'event';
    const text = `(extras.error === '' ? ${JSON.stringify(kind)} : 'pipeline_error')`;
    this.#leaf('event.kind', { kind: 'string', text, needs: undefined, usually: JSON.stringify(kind) });
    this.#raw('error.message', 'extras.error');
    this.#raw('cloudconnexa.invalid', 'extras.invalid');
    this.#raw('cloudconnexa.unmapped', 'extras.unmapped');
  }

  #readVendor(field: VendorField): void {
    const variable = this.#define(field.vendor, [field.vendor]);
    this.#reads.set(field.vendor, [
      `let ${variable} = ${access(field.vendor)};`,
      ...field.aliases.map((alias) => `if (${absent(variable)}) ${variable} = ${access(alias)};`),
      `if (${absent(variable)}) ${variable} = undefined; ${conversion(field, variable)}`,
    ]);
  }

  #placeVendor(field: VendorField): void {
    const value = this.#known(field.vendor);
    for (const place of field.to) {
      const needs = [field.vendor, ...Object.keys(place.when ?? {})];
      const target = this.#define(place.field, needs);
      const placed = this.#placed(value, place);
      this.#step([`const ${target} = ${placed};`], [target], needs);
      const { vendor } = field;
      if (field.fits === 'timestamp')
        this.#leaf(place.field, { kind: 'string', text: `(${target} ?? readAt)`, needs: undefined, vendor });
      else this.#value(place.field, target, false, placed === value ? vendor : undefined);
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

  #callRule({ rule, from, to }: RuleCall): void {
    if (!this.#options.ruleNames.has(rule)) this.#fail(`unknown rule ${rule}`);
    const given = from.map((name) => this.#known(name));
    const needs = given.flatMap((variable) => [...(this.#needs.get(variable) ?? [])]);
    const result = `r${this.#steps.length}`;
    const lines = [`const ${result} = rules.${rule}(${given.join(', ')});`];
    const defines: string[] = [];
    for (const [output, field] of Object.entries(to)) {
      const target = this.#define(field, needs);
      defines.push(target);
      lines.push(`const ${target} = ${result}.${output};`);
      this.#value(field, target, true);
    }
    this.#steps.push({ lines, defines, needs: new Set(needs), call: { rule, args: given } });
  }

  #step(lines: readonly string[], defines: readonly string[], needs: readonly string[]): void {
    this.#steps.push({ lines, defines, needs: new Set(needs) });
  }

  #constant(name: string, value: Constant): void {
    if (name === 'event.kind') return;
    this.#leaf(name, { kind: 'constant', text: JSON.stringify(value), needs: new Set() });
  }

  /** A field of the list: written by its type when its variable is not undefined. Rules give arrays for array fields. */
  #value(name: string, variable: string, fromRule: boolean, vendor?: string): void {
    const field = this.#fields.get(name);
    if (field === undefined) return this.#fail(`unknown document field ${name}`);
    const present = `${variable} !== undefined`;
    const leaf = { present, needs: this.#needs.get(variable), variable, ...(vendor && { vendor }) };
    const isText = field.type !== 'long' && field.type !== 'boolean';
    if (!field.array) return this.#leaf(name, { ...leaf, kind: isText ? 'string' : 'json', text: variable });
    const list = fromRule ? variable : `[${variable}]`;
    if (isText) this.#leaf(name, { ...leaf, kind: 'list', text: list });
    else this.#leaf(name, { ...leaf, kind: 'json', text: `JSON.stringify(${list})` });
  }

  #raw(name: string, expression: string): void {
    const present = `${expression} !== ''`;
    this.#leaf(name, { present, kind: 'json', text: expression, needs: undefined, usually: '' });
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

  #define(name: string, needs: readonly string[]): string {
    const variable = this.#variables.get(name) ?? `v${this.#variables.size}`;
    this.#variables.set(name, variable);
    this.#needs.set(variable, new Set(needs));
    return variable;
  }

  #known(name: string): string {
    return this.#variables.get(name) ?? this.#fail(`${name} is neither a vendor field nor set before`);
  }

  #fail(message: string): never {
    throw new ConnectorError('CCX_MAPPING_INVALID', message, { place: `field list of ${this.#mapping.event}` });
  }
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
    case 'count':
    case 'seconds':
    case 'port':
    case 'protocol_number':
      return `else if (typeof ${variable} === 'string') ${variable} = decimal(${variable});`;
    case 'ip':
    case 'time':
    case 'timestamp':
      return '';
  }
}
