type Json = unknown;

/** A document's fields by dotted name, in alphabetical order, each with its values as text. */
export function flatten(document: Json): [field: string, values: string[]][] {
  return leaves(document, '').sort(([a], [b]) => (a < b ? -1 : 1));
}

function leaves(value: Json, name: string): [string, string[]][] {
  if (!isObject(value)) return [[name, textsOf(value)]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, name === '' ? key : `${name}.${key}`));
}

/** The values of one field, as text; none where the document lacks it. Names of a document may have dots in them. */
export function valuesAt(document: Json, field: string): string[] {
  if (!isObject(document)) return [];
  if (Object.hasOwn(document, field)) return textsOf(document[field]);
  for (let dot = field.indexOf('.'); dot > 0; dot = field.indexOf('.', dot + 1)) {
    const key = field.slice(0, dot);
    const found = Object.hasOwn(document, key) ? valuesAt(document[key], field.slice(dot + 1)) : [];
    if (found.length > 0) return found;
  }
  return [];
}

function textsOf(value: Json): string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return [typeof value === 'string' ? value : JSON.stringify(value)];
}

function isObject(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
