/** How often a fault was in the script, was injected, and was lived through: the event that stands for it is stored. */
export interface Tally {
  planned: number;
  injected: number;
  survived: number;
}

/** A kind that is so often in the script must have been injected. */
const SURELY = 3;
/** Of the faults of a family in the script so many must have been injected; of few, one less. */
const LEAST_SHARE = 0.8;

/** @param key of a fault: its family and kind. */
export function isKill(key: string): boolean {
  return key.includes('kill -9');
}

/** What a run leaves unproven: faults that met nothing, those that were not survived, and kills that are too few. */
export function unproven(faults: ReadonlyMap<string, Tally>, kills: number): string[] {
  const entries = [...faults];
  const killed = entries.reduce((sum, [key, { injected }]) => sum + (isKill(key) ? injected : 0), 0);
  const never = entries.filter(([, { planned, injected }]) => planned >= SURELY && injected === 0);
  const lost = entries.filter(([, { injected, survived }]) => survived < injected);
  const seldom = [...byFamily(faults)].filter(
    ([, { planned, injected }]) => injected < Math.floor(planned * LEAST_SHARE),
  );
  return [
    ...never.map(([key, { planned }]) => `never injected, though ${planned} times in the script: ${key}`),
    ...seldom.map(([name, { planned, injected }]) => `injected ${injected} of ${planned} faults of the family ${name}`),
    ...lost.map(([key, { injected, survived }]) => `survived ${survived} of ${injected} times: ${key}`),
    ...(killed < kills ? [`killed ${killed} times, not ${kills}`] : []),
  ];
}

function byFamily(faults: ReadonlyMap<string, Tally>): Map<string, Pick<Tally, 'planned' | 'injected'>> {
  const families = new Map<string, Pick<Tally, 'planned' | 'injected'>>();
  for (const [key, { planned, injected }] of faults) {
    // More of these are in the script than are asked for, and kills are counted by themselves.
    if (key.startsWith('process: ')) continue;
    const [name = ''] = key.split(': ');
    const sum = families.get(name) ?? { planned: 0, injected: 0 };
    families.set(name, { planned: sum.planned + planned, injected: sum.injected + injected });
  }
  return families;
}
