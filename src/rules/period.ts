const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of `90s`, `10m`, `1h`, `30d`: how rules write durations. */
export function durationMs(duration: string): number {
  const unit = UNITS[duration.at(-1) as keyof typeof UNITS];
  return Number(duration.slice(0, -1)) * unit;
}

interface InSlot {
  readonly slot: number;
}

/** The rows of two slots that follow each other, which is one window of a rule. */
export interface Window<T> {
  readonly rows: readonly T[];
  /** What the rule counts in it. */
  readonly found: number;
  /** First and last slot. */
  readonly start: number;
  readonly end: number;
}

/**
 * The windows of one group: slots are half as long as windows, so that windows overlap by half and nothing that crosses the border of
 * one is missed. Rows without slots (all 0) are one window.
 */
export function windowsOf<T extends InSlot>(
  rows: readonly T[],
  count: (rows: readonly T[]) => number,
): readonly Window<T>[] {
  const bySlot = groupBy(rows, ({ slot }) => slot);
  return [...bySlot].map(([start, own]) => {
    const next = bySlot.get(start + 1) ?? [];
    const both = [...own, ...next];
    return { rows: both, found: count(both), start, end: next.length > 0 ? start + 1 : start };
  });
}

/** Joins windows that overlap or follow each other; `found` is the most of them. */
export function stretchesOf<T extends InSlot>(windows: readonly Window<T>[]): readonly Window<T>[] {
  const stretches: { rows: Set<T>; found: number; start: number; end: number }[] = [];
  for (const window of [...windows].sort((a, b) => a.start - b.start)) {
    const before = stretches.at(-1);
    if (before === undefined || window.start > before.end + 1) {
      stretches.push({ ...window, rows: new Set(window.rows) });
      continue;
    }
    for (const row of window.rows) before.rows.add(row);
    before.found = Math.max(before.found, window.found);
    before.end = Math.max(before.end, window.end);
  }
  return stretches.map((stretch) => ({ ...stretch, rows: [...stretch.rows] }));
}

/** In order of first occurrence. */
export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
