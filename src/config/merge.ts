import type { Fault } from './fault.js';
import { interpolate, type Variables } from './interpolate.js';
import type { Given } from './layers.js';
import { lookUp } from './lookup.js';
import { parseText } from './parse.js';
import { inputList, settingList } from './settings.js';
import { getAt, isTree, leaves, removeAt, setAt, type Tree } from './tree.js';

/** Where each value came from, by path. */
export type Origins = Map<string, string>;

/** Puts variables into the texts of a file's tree and reads the results by type. Changes the tree and the origins. */
export function interpolateTree(
  tree: Tree,
  variablesFor: (path: string) => Variables,
  origins: Origins,
  originOf: (path: string) => string,
): Fault[] {
  return [...leaves(tree)].flatMap(([path, value]) => {
    if (typeof value !== 'string' || !value.includes('${')) return [];
    const result = interpolate(value, variablesFor(path));
    if ('problem' in result) return drop(tree, path, { path, origin: originOf(path), ...result.problem });
    const setting = lookUp(path);
    const parsed = setting && result.replaced ? parseText(setting, result.text) : { value: result.text };
    if ('problem' in parsed) return drop(tree, path, { path, origin: originOf(path), ...parsed.problem });
    setAt(tree, path, parsed.value);
    if (result.origins.length > 0) origins.set(path, [originOf(path), ...result.origins].join(', '));
    return [];
  });
}

/** A value with a fault is taken out so that the later checks don't report it again. */
function drop(tree: Tree, path: string, fault: Fault): Fault[] {
  setAt(tree, path, undefined);
  return [fault];
}

/** A section whose lines are all comments reads as null: it is an empty section. */
export function emptySections(tree: Tree): void {
  const sections = new Set([...settingList.keys()].map((path) => path.slice(0, path.lastIndexOf('.'))));
  for (const section of sections) {
    if (section !== '' && getAt(tree, section) === null) setAt(tree, section, {});
  }
}

/** Puts one layer's values over the tree. Changes the tree and the origins. */
export function applyLayer(tree: Tree, given: readonly Given[], origins: Origins): Fault[] {
  // A secret and its file are one setting in two forms: the upper layer's form replaces both below.
  for (const { path } of given) {
    removeAt(tree, path.endsWith('_file') ? path.slice(0, -'_file'.length) : `${path}_file`);
  }
  // `inputs` comes before `inputs.0.paths` whatever the order in the environment.
  const ordered = [...given].sort((a, b) => a.path.split('.').length - b.path.split('.').length);
  return ordered.flatMap(({ path, value, origin }) => {
    const fault = openEntry(tree, path, origin);
    if (fault) return [fault];
    setAt(tree, path, value);
    // What was known of single entries of a list goes with the list.
    for (const below of origins.keys()) if (below.startsWith(`${path}.`)) origins.delete(below);
    origins.set(path, origin);
    return [];
  });
}

/** Makes the entry of a list that a path such as `inputs.0.paths` goes into; entries have no gaps. */
function openEntry(tree: Tree, path: string, origin: string): Fault | undefined {
  const match = /^inputs\.(\d+)\./.exec(path);
  if (!match) return undefined;
  if (tree['inputs'] === undefined) setAt(tree, 'inputs', []);
  const inputs = tree['inputs'];
  const index = Number(match[1]);
  if (!Array.isArray(inputs) || index < inputs.length) return undefined;
  if (index === inputs.length) {
    setAt(tree, `inputs.${index}`, {});
    return undefined;
  }
  const message = `is of entry ${index}, but there are only ${inputs.length} entries before it`;
  return { path, origin, message, remedy: `Number the entries from 0 without gaps: inputs.${inputs.length}.` };
}

/** Puts in the default of every setting that has no value. Changes the tree. @returns the paths that got theirs. */
export function fillDefaults(tree: Tree): ReadonlySet<string> {
  const inputs = Array.isArray(tree['inputs']) ? tree['inputs'] : [];
  const entries = inputs.flatMap((entry: unknown, index) => {
    const type = isTree(entry) ? entry['type'] : undefined;
    const known = typeof type === 'string' ? [...(inputList.get(type) ?? [])] : [];
    return known.map(([name, setting]) => [`inputs.${index}.${name}`, setting] as const);
  });
  const absent = [...settingList, ...entries].filter(([path]) => getAt(tree, path) === undefined);
  for (const [path, setting] of absent) {
    if (setting.default === undefined) removeAt(tree, path);
    else setAt(tree, path, structuredClone(setting.default));
  }
  return new Set(absent.map(([path]) => path));
}
