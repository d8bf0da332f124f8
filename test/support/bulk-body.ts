/** What an action line may be: the engine's words, one of our data streams, and an id that is a time and a hash. */
const ACTION =
  /^\{"create":\{"_index":"logs-cloudconnexa\.(?:flow|session|threat|audit|other)-[a-z0-9_.-]+","_id":"[0-9a-f]{12}-[\w-]{32}"\}\}$/;

/** What is wrong with the form of a bulk body of `count` events; undefined when nothing is. */
export function bodyFault(body: Buffer, count: number): string | undefined {
  const lines = body.toString('latin1').split('\n');
  if (lines.pop() !== '') return 'the body does not end with a newline';
  if (lines.length !== 2 * count) return `${lines.length} lines for ${count} events`;
  for (let i = 0; i < lines.length; i += 2) {
    const [action = '', source = ''] = lines.slice(i, i + 2);
    if (!ACTION.test(action)) return `line ${i + 1} is no action line: ${action}`;
    if (!isObjectLine(source)) return `line ${i + 2} is no document on one line`;
  }
  return undefined;
}

function isObjectLine(line: string): boolean {
  // eslint-style control characters: JSON has none, whatever the data holds.
  return [...line].every((character) => character >= ' ') && line.startsWith('{') && isObject(JSON.parse(line));
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
