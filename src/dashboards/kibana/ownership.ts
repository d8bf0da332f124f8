import { digestOf, marked, readMark, unmarked } from '../mark.js';
import type { SavedAttributes, SavedObject } from '../saved-object.js';

/** What is needed of an object, be it ours or one that a server gave back. */
type Content = Pick<SavedObject, 'type' | 'attributes' | 'references'>;

/** The object with our mark at the end of its description. Kibana keeps one of a data view too, but shows it nowhere. */
export function owned(object: SavedObject): SavedObject {
  const { attributes } = object;
  const description = marked(String(attributes.description), contentDigest(object));
  return { ...object, attributes: { ...attributes, description } };
}

/** The digest in our mark, of the content that was installed; undefined for somebody else's object. */
export function ownDigest({ attributes: { description } }: Content): string | undefined {
  return typeof description === 'string' ? readMark(description) : undefined;
}

/** Digest of what the object is now. One that differs from {@link ownDigest}'s was changed by somebody. */
export function contentDigest({ type, attributes, references }: Content): string {
  const description = unmarked(String(attributes.description));
  return digestOf({ type, description, content: comparable(type, attributes), references });
}

/** Only what we write: a server of another version adds attributes of its own when it takes an object in. */
const compared: Readonly<Record<string, readonly string[]>> = {
  'index-pattern': ['name', 'timeFieldName', 'allowNoIndex', 'fieldFormatMap', 'runtimeFieldMap'],
  search: ['columns', 'sort', 'kibanaSavedObjectMeta'],
  dashboard: [
    ...['timeRestore', 'timeFrom', 'timeTo', 'refreshInterval', 'optionsJSON'],
    ...['panelsJSON', 'controlGroupInput', 'kibanaSavedObjectMeta'],
  ],
};

function comparable(type: string, attributes: SavedAttributes): object {
  const source = type === 'search' ? firstTab(attributes) : attributes;
  const names = compared[type] ?? Object.keys(attributes);
  return { title: attributes.title, ...Object.fromEntries(names.map((name) => [name, source[name]])) };
}

/** In 9.x a saved search has tabs, and what it was before is the first of them. */
function firstTab(attributes: SavedAttributes): SavedAttributes {
  const [tab] = (attributes.tabs ?? []) as readonly { readonly attributes: SavedAttributes }[];
  return tab?.attributes ?? attributes;
}
