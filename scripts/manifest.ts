import type { Manifest, ManifestDataStream } from '../src/manifest.js';
import { loadMappings, OTHER, type MappingLists } from '../src/map/list.js';
import { packageJson } from '../src/package-root.js';
import type { GeneratedFile } from './generators.js';

/** `manifest.json` with the data streams of the field lists; everything else in it is written by hand. */
export function manifestFile(lists: MappingLists = loadMappings()): GeneratedFile[] {
  const manifest = packageJson('manifest.json') as Manifest;
  const listed = [
    ...manifest.data_streams.map(({ dataset }) => dataset),
    ...lists.events.map(({ dataset }) => dataset),
  ];
  const content = { ...manifest, data_streams: [...new Set(listed)].flatMap((dataset) => dataStream(dataset, lists)) };
  return [{ path: 'manifest.json', content: JSON.stringify(content) }];
}

/** A dataset that no list names any more has none. */
function dataStream(dataset: string, lists: MappingLists): ManifestDataStream[] {
  const events = lists.events
    .filter((list) => list.dataset === dataset)
    .map(({ event }) => (event === OTHER ? '*' : event));
  return events.length === 0 ? [] : [{ dataset, pattern: `logs-cloudconnexa.${dataset}-*`, events }];
}
