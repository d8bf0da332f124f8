import type { ClusterKind } from '../manifest.js';
import { normalise } from './normalise.js';

/** One leaf in which what is stored differs from what is wanted; values are JSON text, absent where there is none. */
export interface Difference {
  readonly path: string;
  readonly stored?: string;
  readonly wanted?: string;
}

/** All differences between a stored and a wanted body of one kind, by path. Empty: an update would change nothing. */
export function diff(kind: ClusterKind, stored: object, wanted: object): readonly Difference[] {
  const [from, to] = [normalise(kind, stored), normalise(kind, wanted)];
  const paths = [...new Set([...from.keys(), ...to.keys()])].sort();
  return paths.flatMap((path) => {
    const [was, willBe] = [from.get(path), to.get(path)];
    if (was === willBe) return [];
    return [
      {
        path,
        ...(was === undefined ? {} : { stored: was }),
        ...(willBe === undefined ? {} : { wanted: willBe }),
      },
    ];
  });
}
