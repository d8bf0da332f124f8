/**
 * What the cluster makes of a field's values. `both`: an index, which finds documents by a value, and doc values, from which
 * it sorts and counts; `doc_values` and `index`: only that.
 */
export type Storage = 'both' | 'doc_values' | 'index';

/** Fields by their storage, as `header.yml` has them: names, and `name.*` for every field below it. */
export type StorageLists = Readonly<Record<Storage, readonly string[]>>;

/** The storage of a field: a name by itself goes before a longer prefix, that before a shorter one; otherwise `both`. */
export function storageOf(name: string, lists: StorageLists): Storage {
  let found: Storage = 'both';
  let length = 0;
  for (const [storage, patterns] of Object.entries(lists) as [Storage, readonly string[]][]) {
    for (const pattern of patterns) {
      const fit = pattern === name ? Infinity : pattern.length;
      if (fit <= length || !matches(name, pattern)) continue;
      found = storage;
      length = fit;
    }
  }
  return found;
}

/** Whether `pattern` means the field. */
export function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
