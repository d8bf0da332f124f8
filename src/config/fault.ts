import { ConnectorError } from '../errors.js';

/** One thing that is wrong with the configuration. No text in it repeats a value that was given. */
export interface Fault {
  /** Dotted path of the setting, as in `inputs.0.paths`. */
  readonly path: string;
  /** Goes on from the path: `is not …`. */
  readonly message: string;
  readonly remedy: string;
  /** Where the value came from: `cloudconnexa-ecs.yml:12`, `environment variable …`, `--set`. */
  readonly origin?: string | undefined;
}

/** `output.hosts.0 (cloudconnexa-ecs.yml:3) is not … .  Write … .` */
export function faultLine(fault: Fault): string {
  const origin = fault.origin === undefined ? '' : ` (${fault.origin})`;
  return `${fault.path}${origin} ${fault.message}. ${fault.remedy}`;
}

/** All faults as the one error that a user sees. */
export function configError(faults: readonly Fault[], place?: string): ConnectorError {
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
  const lines = faults.map((fault) => `\n  - ${faultLine(fault)}`);
  return new ConnectorError('CCX_CONFIG_INVALID', `the configuration has ${count}:${lines.join('')}`, {
    ...(place === undefined ? {} : { place }),
  });
}

/** The candidate nearest to `text`, if near enough to be what was meant. */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(text.length / 3));
  const ranked = [...candidates]
    .map((candidate) => ({ candidate, distance: distance(text.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= limit ? best.candidate : undefined;
}

/** A name that was cut or went on, as `warning` for `warn`, is nearer than its letters say. */
function distance(text: string, candidate: string): number {
  const began =
    candidate.length >= 3 && (text.startsWith(candidate) || (text.length >= 3 && candidate.startsWith(text)));
  return began ? Math.min(1, editDistance(text, candidate)) : editDistance(text, candidate);
}

/** Levenshtein distance: inserted, deleted and replaced characters count one each. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, x] of [...a].entries()) {
    const row = [i + 1];
    for (const [j, y] of [...b].entries()) {
      row.push(Math.min((row[j] ?? 0) + 1, (previous[j + 1] ?? 0) + 1, (previous[j] ?? 0) + (x === y ? 0 : 1)));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** `unknown …` with the nearest known name, or all of them where they are few. */
export function unknownRemedy(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  if (meant !== undefined) return `Did you mean ${meant}?`;
  return known.length === 0 ? 'Remove it.' : `Known here: ${known.join(', ')}.`;
}
