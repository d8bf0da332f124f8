import { createClient } from '../../src/target/client.js';
import type { Capability } from '../../src/target/capability.js';
import { detectCapabilities } from '../../src/target/detect.js';
import type { Bench } from '../commands.js';
import { PERIOD_MS, timedEvents } from '../dataset.js';
import type { Options } from '../options.js';
import type { Measured } from '../report.js';
import { Cluster } from './cluster.js';
import { layouts, searchLayouts } from './layouts.js';
import { measureSearches } from './searches.js';
import { measureShipping } from './shipping.js';
import { measureStoring } from './storing.js';

type Results = Pick<Measured, 'storing' | 'shipping' | 'searches'>;

const DAYS_SEARCHED = 30;
const DAY_MS = 86_400_000;

async function capabilitiesOf({ engine }: Cluster): Promise<ReadonlySet<Capability>> {
  const client = createClient({ hosts: [engine.url], request_timeout_s: 30, gzip: false });
  try {
    return (await detectCapabilities(client)).capabilities;
  } finally {
    await client.close();
  }
}

/** What keeping and searching the events costs in a real engine, and how fast the connector brings them there. */
export async function measureEngine(
  { parts, engine, rounds, searched }: Options,
  { dataset, folder }: Bench,
  say: (text: string) => void,
): Promise<Results> {
  const none: Results = { storing: [], shipping: [], searches: [] };
  if (!parts.includes('engine') && !parts.includes('searches')) return none;
  const cluster = await Cluster.start(engine, say);
  try {
    const capabilities = await capabilitiesOf(cluster);
    const results: { -readonly [key in keyof Results]: Results[key] } = { ...none };
    if (parts.includes('engine')) {
      const events = [...timedEvents(dataset.events, PERIOD_MS)];
      results.storing = await measureStoring(cluster, layouts(capabilities), events, rounds, say);
      results.shipping = await measureShipping(cluster, dataset, events, folder, rounds, say);
    }
    if (parts.includes('searches')) {
      const events = (): Iterable<string> => timedEvents(searched, DAYS_SEARCHED * DAY_MS);
      results.searches = await measureSearches(cluster, searchLayouts(capabilities), events, rounds, say);
    }
    return results;
  } finally {
    await cluster.stop();
  }
}
