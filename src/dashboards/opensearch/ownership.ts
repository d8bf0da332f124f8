import { asObject } from '../../target/answer.js';
import { digestOf, marked, readMark, unmarked } from '../mark.js';
import type { SavedAttributes, SavedObject } from '../saved-object.js';

/** What is needed of an object, be it ours or one that a server gave back. */
type Content = Pick<SavedObject, 'type' | 'attributes' | 'references'>;

/**
 * The object with our mark: at the end of its description, but for visualizations, whose description dashboards show beside
 * the panel's title; they have it in `uiStateJSON`, as `mark`. Index patterns have a description since version 3; earlier
 * servers keep it all the same.
 */
export function owned(object: SavedObject): SavedObject {
  return { ...object, attributes: withMark(object, contentDigest(object)) };
}

/** The digest in our mark, of the content that was installed; undefined for somebody else's object. */
export function ownDigest({ type, attributes }: Content): string | undefined {
  const text = type === 'visualization' ? uiState(attributes).mark : attributes.description;
  return typeof text === 'string' ? readMark(text) : undefined;
}

/** Digest of what the object is now. One that differs from {@link ownDigest}'s was changed by somebody. */
export function contentDigest({ type, attributes, references }: Content): string {
  return digestOf({ type, attributes: comparable(type, attributes), references });
}

function withMark({ type, attributes }: Content, digest: string): SavedAttributes {
  if (type !== 'visualization') return { ...attributes, description: marked(String(attributes.description), digest) };
  return { ...attributes, uiStateJSON: JSON.stringify({ ...uiState(attributes), mark: marked('', digest) }) };
}

/** Without the mark, and without what a server writes by itself. */
function comparable(type: string, attributes: SavedAttributes): object {
  const description = unmarked(String(attributes.description));
  if (type === 'visualization') return { ...attributes, uiStateJSON: { ...uiState(attributes), mark: '' } };
  return type === 'index-pattern'
    ? { ...attributes, description, ...comparableFields(attributes) }
    : { ...attributes, description };
}

/**
 * A column that is shown in Discover makes it write the whole index pattern anew: it counts how often a field was used, and
 * adds the address it was opened at to each format.
 */
function comparableFields({ fields, fieldFormatMap }: SavedAttributes): object {
  const list = parsed(fields);
  const formats = Object.entries(asObject(parsed(fieldFormatMap)));
  return {
    fields: Array.isArray(list) ? list.map(asObject).map(({ name, type, script }) => ({ name, type, script })) : list,
    fieldFormatMap: Object.fromEntries(formats.map(([field, format]) => [field, comparableFormat(format)])),
  };
}

function comparableFormat(format: unknown): object {
  const { id, params } = asObject(format);
  return { id, params: { ...asObject(params), parsedUrl: null } };
}

function uiState({ uiStateJSON }: SavedAttributes): Readonly<Record<string, unknown>> {
  return asObject(parsed(uiStateJSON));
}

/** An object of somebody else may have anything there. */
function parsed(json: unknown): unknown {
  try {
    return JSON.parse(String(json));
  } catch {
    return json;
  }
}
