/** How often a fault was in the script, was injected, and was lived through: the event that stands for it is stored. */
export interface Tally {
  planned: number;
  injected: number;
  survived: number;
}

/** What a run must have done to prove something. */
export interface Demands {
  /** How often its process must have been killed. */
  readonly kills: number;
  /** Of the faults of a family in the script so many must have been injected, as a share; one at least. */
  readonly injected: number;
  /** Of the events so many must be stored while faults go on, as a share: what comes after them proves little. */
  readonly during: number;
}

/** A short run is over before what waits for a start, or for an engine that is restarted, meets anything. */
const ofAny = { injected: 0.5, during: 0 };
const ofLong = { injected: 0.8, during: 0.6 };

/** @param isLong of some minutes. */
export function demandsOn(kills: number, isLong: boolean): Demands {
  return { kills, ...(isLong ? ofLong : ofAny) };
}

/** A kind that is so often in the script must have been injected. */
const SURELY = 3;

/** @param key of a fault: its family and kind. */
export function isKill(key: string): boolean {
  return key.includes('kill -9');
}

/** What a run leaves unproven: faults that met nothing, those that were not survived, and kills that are too few. */
export function unproven(
  faults: ReadonlyMap<string, Tally>,
  { kills, injected: share }: Omit<Demands, 'during'>,
): string[] {
  const entries = [...faults];
  const killed = entries.reduce((sum, [key, { injected }]) => sum + (isKill(key) ? injected : 0), 0);
  const never = entries.filter(([, { planned, injected }]) => planned >= SURELY && injected === 0);
  const lost = entries.filter(([, { injected, survived }]) => survived < injected);
  const least = (planned: number): number => Math.max(1, Math.floor(planned * share));
  const seldom = [...byFamily(faults)].filter(([, { planned, injected }]) => injected < least(planned));
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
