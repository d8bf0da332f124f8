import { beginning, neighbours, restSteps, type Repeat } from '../writer-source.js';
import type { Piece } from '../writer-dialect.js';
import { TextDialect } from '../writer-dialect.js';
import { Emitter, ownerOf, type Entry, type Stretch } from '../writer-emitter.js';
import { Group } from '../writer-group.js';
import type { Step, WriterPlan } from '../writer-plan.js';
import { usual } from '../writer-tree.js';
import type { Part, RuleParts } from '../rules/parts.js';
import type { Core } from './core.js';
import { Joint } from './joint.js';
import type { KnownGroup, Layout } from './layout.js';
import type { Marks } from './marks.js';
import { WRITE_END } from './ops.js';
import { WordsDialect, type Composed } from './words-dialect.js';

/** How documents of one list are put together. */
export interface KnownWriter {
  /** Address of the words that describe a document. */
  readonly words: number;
  /** Source text of the function that makes the functions that make what is kept: `groups`, then `joints`. */
  readonly source: string;
  /** The functions that parts of rules are made by, by the names in `source`. */
  readonly parts: Readonly<Record<string, Part['make']>>;
  readonly joints: readonly Joint[];
}

/** Describes the same documents as a `DocumentWriter` writes of events in which nothing is unusual. */
export function knownWriter(
  core: Core,
  plan: WriterPlan,
  layout: Layout,
  marks: Marks,
  partsOf: (rule: string, args: number) => RuleParts | undefined,
): KnownWriter {
  return new Builder(core, plan, layout, marks, partsOf).build();
}

class Builder {
  readonly #core: Core;
  readonly #plan: WriterPlan;
  readonly #layout: Layout;
  readonly #marks: Marks;
  readonly #partsOf: (rule: string, args: number) => RuleParts | undefined;
  readonly #groups: readonly Group[];
  readonly #rest: readonly Step[];
  readonly #joints: Joint[] = [];
  readonly #composed = new Map<string, Composed>();
  readonly #parts: Record<string, Part['make']> = {};

  constructor(
    core: Core,
    plan: WriterPlan,
    layout: Layout,
    marks: Marks,
    partsOf: (rule: string, args: number) => RuleParts | undefined,
  ) {
    this.#core = core;
    this.#plan = plan;
    this.#layout = layout;
    this.#marks = marks;
    this.#partsOf = partsOf;
    this.#groups = layout.groups.map((group, number) => new Group(number, repeatOf(group), plan));
    const copied = new Set(layout.copied.map(({ field }) => field.vendor));
    const isCopied = ({ needs }: Step): boolean => [...needs].every((field) => copied.has(field));
    this.#rest = restSteps(plan, this.#groups).filter((step) => !isCopied(step));
  }

  build(): KnownWriter {
    const { declared, copied } = this.#layout;
    for (const step of this.#rest) this.#result(step);
    const owners = [...this.#groups, ...this.#joints];
    const marks = new Map(copied.map(({ field, run }) => [field.vendor, this.#marks.run(run)]));
    const dialect = new WordsDialect(this.#core, '{', marks, this.#composed);
    const stretches = (entries: readonly Entry[]): Stretch[] => neighbours(entries, (node) => ownerOf(owners, node));
    const words = new Emitter({
      groups: this.#groups.slice(0, declared),
      ...{ stretches, dialect, kept: new TextDialect() },
    }).members(usual(this.#plan.tree));
    const described = this.#core.describe([...words, ...dialect.flush(), [WRITE_END]].flat());
    const asked = new Set(this.#joints.flatMap(({ inputs }) => inputs));
    const makers = [
      ...this.#groups.map((group) => group.fromEvent(asked)),
      ...this.#joints.map((joint) => joint.source()),
    ];
    const source = [...beginning(false, this.#groups), `return [${makers.join(',\n')}];`].join('\n');
    return { words: described, source, parts: this.#parts, joints: this.#joints };
  }

  /** Sees to what a rule makes of values of more than one group. */
  #result(step: Step): void {
    const { rule = '', args = [] } = step.call ?? {};
    const parts = this.#partsOf(rule, args.length);
    const [variable = ''] = step.defines;
    if (parts?.kind === 'list') {
      const pieces = parts.parts.map((part) => this.#part(rule, args, part));
      if (isWhole(pieces)) return void this.#composed.set(variable, { kind: 'list', pieces });
    }
    if (parts?.kind === 'text') {
      const pieces = parts.parts.map((part) => {
        if (!('before' in part)) return this.#part(rule, args, part);
        const [name, address] = [this.#part(rule, args, part.name), this.#part(rule, args, part.address)];
        return name && address && { before: part.before, name, address };
      });
      if (isWhole(pieces)) return void this.#composed.set(variable, { kind: 'text', pieces });
    }
    const digests = parts?.kind === 'digests' ? parts.parts.map((part) => this.#part(rule, args, part)) : [];
    this.#join(step, digests.length > 0 && isWhole(digests) ? digests : undefined);
  }

  /** Keeps a part with the group that decides it; undefined when no single one does. */
  #part(rule: string, args: readonly string[], part: Part): Piece | undefined {
    const given = part.args.map((arg) => args[arg] ?? 'undefined');
    const group = this.#groups.find((one) => one.has(this.#needs(given)));
    if (group === undefined) return undefined;
    const name = `part${Object.keys(this.#parts).length}of_${rule}`;
    this.#parts[name] = part.make;
    return group.keep([`s = ${name}(${given.join(', ')}) ?? '';`]);
  }

  /** Keeps a rule's results by its digests, or else by the groups as a whole. */
  #join(step: Step, digests: readonly Piece[] | undefined): void {
    const steps = this.#leadingTo(step);
    const defined = new Set(steps.flatMap(({ defines }) => defines));
    const inputs = new Map<string, number>();
    for (const variable of this.#plan.needs.keys()) {
      if (defined.has(variable) || !steps.some(({ lines }) => lines.some((line) => mentions(line, variable)))) continue;
      const group = this.#groups.findIndex((one) => one.has(this.#plan.needs.get(variable)));
      if (group < 0) throw new Error(`no group has ${variable}`);
      inputs.set(variable, group);
    }
    const key = digests ?? [...new Set(inputs.values())];
    this.#joints.push(new Joint(this.#groups.length + this.#joints.length, steps, inputs, key));
  }

  /** A step and, before it, those of the others that it needs. */
  #leadingTo(step: Step): Step[] {
    const before = this.#rest.slice(0, this.#rest.indexOf(step));
    const needed = before.filter(({ defines }) =>
      defines.some((name) => step.lines.some((line) => mentions(line, name))),
    );
    return [...new Set([...needed.flatMap((one) => this.#leadingTo(one)), step])];
  }

  #needs(variables: readonly string[]): ReadonlySet<string> {
    return new Set(variables.flatMap((variable) => [...(this.#plan.needs.get(variable) ?? [])]));
  }
}

function repeatOf({ key, fields }: KnownGroup): Repeat {
  const names = fields.map(({ vendor }) => vendor);
  return { key: key ?? names[0] ?? '', fields: names };
}

function isWhole<T>(pieces: readonly (T | undefined)[]): pieces is readonly T[] {
  return !pieces.includes(undefined);
}

function mentions(line: string, variable: string): boolean {
  return new RegExp(`\\b${variable}\\b`).test(line);
}
