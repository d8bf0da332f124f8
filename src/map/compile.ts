import type { JsonObject } from '../record.js';
import type { EcsField, TargetField } from './fields.js';
import { decimal, truth } from './fits.js';
import type { EventMapping } from './list.js';
import { partsFor } from './rules/parts.js';
import { rulesFor, type RuleEnvironment } from './rules/index.js';
import { runGenerated } from './run-generated.js';
import { planWriter, type WriterPlan } from './writer-plan.js';
import { writerSource } from './writer-source.js';
import type { Core } from './known/core.js';
import type { Joint } from './known/joint.js';
import type { Maker } from './known/known-list.js';
import { knownWriter } from './known/known-writer.js';
import type { Layout } from './known/layout.js';
import type { Marks } from './known/marks.js';

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
export function compileWriter(mapping: EventMapping, fields: Fields, options: CompileOptions): DocumentWriter {
  const plan = planFor(mapping, fields, options);
  return runGenerated(writerSource(plan, mapping.repeats, options.escape), `writer-of-${mapping.event}.js`, {
    ...toolsFor(options),
    flat,
  }) as DocumentWriter;
}

/** How events of known form become documents; `makers` make what is kept. */
export interface CompiledKnown {
  readonly words: number;
  readonly joints: readonly Joint[];
  readonly makers: readonly Maker[];
}

/** Compiles a field list for events of known form. @throws ConnectorError as {@link compileWriter} */
export function compileKnown(
  core: Core,
  mapping: EventMapping,
  fields: Fields,
  { layout, marks }: { readonly layout: Layout; readonly marks: Marks },
  options: CompileOptions,
): CompiledKnown {
  const plan = planFor(mapping, fields, options);
  const partsOf = partsFor(options);
  const { words, source, parts, joints } = knownWriter(core, plan, layout, marks, (rule, args) =>
    partsOf[rule]?.(args),
  );
  const tools = { ...toolsFor(options), ...parts, flat };
  const makers = runGenerated(source, `known-${mapping.event}.js`, tools) as readonly Maker[];
  return { words, joints, makers };
}

export type Fields = ReadonlyMap<string, Pick<TargetField, 'type' | 'array'> | EcsField>;

function planFor(mapping: EventMapping, fields: Fields, options: CompileOptions): WriterPlan {
  return planWriter(mapping, fields, { ...options, ruleNames: new Set(Object.keys(rulesFor(options))) });
}

/** What generated code calls. */
function toolsFor(options: CompileOptions): Readonly<Record<string, unknown>> {
  return { rules: rulesFor(options), ip: options.ip, decimal, truth, EMPTY: Object.freeze({}) };
}

/** The same text in one piece of memory: a text put together from parts is a tree until something reads it. */
function flat(text: string): string {
  return Buffer.from(text).toString();
}
