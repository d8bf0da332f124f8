import { createHash } from 'node:crypto';

const MARK = / ?\[managed_by: cloudconnexa-ecs, content: ([0-9a-f]{12})\]$/;

/**
 * The mark on saved objects of ours, at the end of a description. A version would say nothing about what a user has changed
 * since, so it says what the object's content was.
 */
export function marked(description: string, digest: string): string {
  const mark = `[managed_by: cloudconnexa-ecs, content: ${digest}]`;
  return description === '' ? mark : `${description} ${mark}`;
}

/** The digest in a mark of ours; undefined for somebody else's description. */
export function readMark(description: string): string | undefined {
  return MARK.exec(description)?.[1];
}

/** The description as it was before {@link marked}. */
export function unmarked(description: string): string {
  return description.replace(MARK, '');
}

/** First 12 hex digits of the content's SHA-256. The order of keys does not count: servers give objects back in another. */
export function digestOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content, sortedKeys)).digest('hex').slice(0, 12);
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
