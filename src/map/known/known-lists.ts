import { isAscii } from 'node:buffer';
import { compileKnownWriter, type CompileOptions, type Fields } from '../compile.js';
import { indexName } from '../index-name.js';
import { OTHER, type MappingLists } from '../list.js';
import type { FaultFinder } from '../mapper.js';
import { KnownList } from './known-list.js';
import { layoutOf } from './layout.js';

/**
 * The look-up of what takes events apart by their name; undefined for names that no list has, all of whose fields would be unknown.
 * Made when the first event of a name comes.
 */
export function knownLists(
  { events }: MappingLists,
  fields: Fields,
  options: CompileOptions,
  findFaults: FaultFinder,
): (name: string) => KnownList | undefined {
  const mappings = new Map(events.map((mapping) => [mapping.event, mapping]));
  const made = new Map<string, KnownList | undefined>();
  const make = (name: string): KnownList | undefined => {
    const mapping = mappings.get(name);
    if (mapping === undefined || name === OTHER) return undefined;
    const index = indexName(mapping.dataset, options.namespace);
    // The bytes of generated code's texts are taken to be their characters.
    if (!isAscii(Buffer.from(index + JSON.stringify([mapping.constants, mapping.fields])))) return undefined;
    const layout = layoutOf(mapping);
    return new KnownList(layout, index, compileKnownWriter(mapping, fields, layout, options), findFaults);
  };
  return (name) => {
    if (!mappings.has(name)) return undefined;
    let list = made.get(name);
    if (list === undefined && !made.has(name)) made.set(name, (list = make(name)));
    return list;
  };
}
