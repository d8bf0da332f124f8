import { ConnectorError } from '../errors.js';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const MAGIC = /[*?{[]/;

/** Whether a path of the configuration is a pattern. */
export function isPattern(path: string): boolean {
  return MAGIC.test(path);
}

/** A directory that could not be listed; the others were. */
export interface GlobFault {
  readonly path: string;
  readonly error: unknown;
}

/**
 * The paths that match a pattern, unsorted. Known are `*` (any characters but `/`), `?` (one of them), `**` as a whole path
 * segment (any number of directories), `{a,b}` (alternatives, not nested) and `[abc]`, `[a-z]`, `[!a]`. Names that begin with a dot
 * match only where the pattern has the dot. Symbolic links to directories are followed, except by `**`.
 */
export async function glob(pattern: string, fault: (fault: GlobFault) => void): Promise<string[]> {
  const found = new Set<string>();
  for (const alternative of expandBraces(pattern)) {
    const segments = alternative.split('/').filter((segment, i) => segment !== '' || i === 0);
    const root = segments[0] === '' ? '/' : '.';
    const rest = segments[0] === '' ? segments.slice(1) : segments;
    for (const path of await walk(root, rest, fault)) found.add(path);
  }
  return [...found];
}

/** Every file in a directory and in those below it, as the pattern `directory/**` finds them. */
export async function filesBelow(directory: string, fault: (fault: GlobFault) => void): Promise<string[]> {
  return walk(directory, ['**'], fault);
}

async function walk(directory: string, segments: string[], fault: (fault: GlobFault) => void): Promise<string[]> {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [];
  if (!isPattern(segment) && rest.length > 0) return walk(join(directory, segment), rest, fault);
  const entries = await list(directory, fault);
  if (segment === '**') {
    const deeper = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
    const nested = await Promise.all(deeper.map((entry) => walk(join(directory, entry.name), segments, fault)));
    return [...(await walk(directory, rest.length === 0 ? ['*'] : rest, fault)), ...nested.flat()];
  }
  const rule = segmentRule(segment);
  const matching = entries.filter(({ name }) => rule.test(name) && (segment.startsWith('.') || !name.startsWith('.')));
  if (rest.length === 0)
    return matching.filter((entry) => !entry.isDirectory()).map(({ name }) => join(directory, name));
  const below = matching.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
  return (await Promise.all(below.map(({ name }) => walk(join(directory, name), rest, fault)))).flat();
}

async function list(directory: string, fault: (fault: GlobFault) => void) {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') fault({ path: directory, error });
    return [];
  }
}

function expandBraces(pattern: string): string[] {
  const [whole, before, inside, after] = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(pattern) ?? [];
  if (whole === undefined) return [pattern];
  return (inside ?? '').split(',').flatMap((one) => expandBraces(`${before}${one}${after}`));
}

function segmentRule(segment: string): RegExp {
  const source = segment.replace(/\*+|\?|\[(!?)([^\]]+)\]|[^*?[]+|\[/g, (part: string, not?: string, set?: string) => {
    if (part.startsWith('*')) return '.*';
    if (part === '?') return '.';
    if (set !== undefined) return `[${not === '!' ? '^' : ''}${set.replace(/[\\\]^]/g, '\\$&')}]`;
    return part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch (cause) {
    throw new ConnectorError('CCX_INPUT_PATTERN', `the pattern cannot be read: ${segment}`, { place: segment, cause });
  }
}
