import { isAscii } from 'node:buffer';
import { actionBegin } from '../../bulk-action.js';
import { compileKnown, type CompileOptions, type Fields } from '../compile.js';
import { indexName } from '../index-name.js';
import { OTHER, type MappingLists } from '../list.js';
import type { FaultFinder } from '../mapper.js';
import type { Core } from './core.js';
import { Kept } from './kept.js';
import { KnownList } from './known-list.js';
import { layoutOf } from './layout.js';
import { marksOf } from './marks.js';

/**
 * The look-up of what the assembly is told of an event's name; undefined for names that no list has, all of whose fields would be
 * unknown. Made when the first event of a name comes.
 */
export function knownLists(
  core: Core,
  { events }: MappingLists,
  fields: Fields,
  options: CompileOptions,
  findFaults: FaultFinder,
): (name: string) => KnownList | undefined {
  const kept = new Kept(core);
  const mappings = new Map(events.map((mapping) => [mapping.event, mapping]));
  const made = new Map<string, KnownList | undefined>();
  let ids = 1;
  const make = (name: string): KnownList | undefined => {
    const mapping = mappings.get(name);
    if (mapping === undefined || name === OTHER) return undefined;
    const index = indexName(mapping.dataset, options.namespace);
    // Their characters are taken to be bytes.
    if (!isAscii(Buffer.from(index + JSON.stringify([mapping.constants, mapping.fields])))) return undefined;
    const layout = layoutOf(mapping);
    const marks = marksOf(layout);
    const compiled = compileKnown(core, mapping, fields, { layout, marks }, options);
    const action = actionBegin(index);
    const list = new KnownList({ core, kept, layout, marks, ...compiled, action, firstId: ids, findFaults });
    ids += list.ids;
    return list;
  };
  return (name) => {
    if (!mappings.has(name)) return undefined;
    // Noted before: one that cannot be made is not tried again.
    if (!made.has(name)) made.set(name, undefined).set(name, make(name));
    return made.get(name);
  };
}
