import { loadDashboards } from '../../src/dashboards/load.js';
import { eventsSearch, panelSearch } from '../../src/dashboards/search.js';
import type { Dashboard, Dashboards } from '../../src/dashboards/spec.js';
import { spread, type Spread } from '../figures.js';
import { bodiesOf } from './bodies.js';
import { STREAMS, type Cluster, type Stored } from './cluster.js';
import type { Layout } from './layouts.js';
import { prepare } from './storing.js';

/** How long a search takes in an engine that has nothing else to do; milliseconds, as the engine says. */
export interface SearchTime {
  readonly name: string;
  readonly period: string;
  readonly millis: Spread;
}

export interface SearchTimes {
  readonly layout: string;
  readonly stored: Stored;
  readonly times: readonly SearchTime[];
}

interface Search {
  readonly name: string;
  readonly period: string;
  readonly body: object;
}

const CONNECTIONS = 3;
const HOUR_MS = 3_600_000;

/** The searches of all dashboards and those an analyst types, on the same events in each layout. */
export async function measureSearches(
  cluster: Cluster,
  ways: readonly Layout[],
  events: () => Iterable<string>,
  rounds: number,
  say: (text: string) => void,
): Promise<SearchTimes[]> {
  const results: SearchTimes[] = [];
  for (const way of ways) {
    say(`${way.name}: storing events to search`);
    await prepare(cluster, way);
    await cluster.send(bodiesOf(events()), CONNECTIONS);
    await cluster.settle();
    const stored = await cluster.stored();
    say(`${way.name}: searching ${stored.events.toLocaleString('en')} events`);
    const times: SearchTime[] = [];
    for (const search of [...dashboardSearches(), ...(await typedSearches(cluster))])
      times.push(await timed(cluster, search, rounds));
    results.push({ layout: way.name, stored, times });
    await cluster.clear();
  }
  return results;
}

const now = Date.now();
const periods = [
  { period: 'a day', hours: 24 },
  { period: '30 days', hours: 30 * 24 },
] as const;

function dashboardSearches(): Search[] {
  const specs = loadDashboards();
  return periods.flatMap(({ period, hours }) => {
    const query = {
      ...{ from: new Date(now - hours * HOUR_MS).toISOString(), to: new Date(now + HOUR_MS).toISOString() },
      where: {},
    };
    return specs.dashboards.flatMap((dashboard) =>
      dashboard.panels.flatMap((panel) => {
        const body = searchOf(panel, dashboard, specs, query);
        return body === undefined ? [] : [{ name: `${dashboard.title}: ${panel.title}`, period, body }];
      }),
    );
  });
}

function searchOf(
  panel: Dashboard['panels'][number],
  dashboard: Dashboard,
  { dataView, searches }: Dashboards,
  query: Parameters<typeof panelSearch>[3],
): object | undefined {
  if (panel.chart === 'text') return undefined;
  if (panel.chart !== 'events') return panelSearch(panel, dashboard, dataView, query);
  const saved = searches.find(({ id }) => id === panel.search);
  return saved && eventsSearch(saved, dashboard, dataView, query);
}

/** The values of an event in the middle; each with the newest fifty events, as a table of events asks. */
async function typedSearches(cluster: Cluster): Promise<Search[]> {
  const sample = await someFlow(cluster);
  const of = (field: string): unknown => field.split('.').reduce<unknown>((at, name) => (at as Named)[name], sample);
  const term = (field: string): Search => search(`${field} is …`, { term: { [field]: [of(field)].flat()[0] } });
  const name = String(of('host.name'));
  return [
    ...['user.name', 'source.ip', 'destination.ip', 'destination.port', 'host.name', 'event.id', 'related.ip'].map(
      term,
    ),
    ...['cloudconnexa.session.id', 'source.address', 'user.email', 'cloudconnexa.source.entity.id'].map(term),
    search('destination.ip in 10.20.0.0/16', { term: { 'destination.ip': '10.20.0.0/16' } }),
    search('host.name begins with …', { prefix: { 'host.name': name.slice(0, 4) } }),
    search('cloudconnexa.source.entity.name begins with …', { prefix: { 'cloudconnexa.source.entity.name': 'Ol' } }),
    search('message has the words "denied rdp"', { match: { message: { query: 'denied rdp', operator: 'and' } } }),
    search('event.kind is pipeline_error', { term: { 'event.kind': 'pipeline_error' } }),
    search('everything', { match_all: {} }),
  ];
}

type Named = Readonly<Record<string, unknown>>;

function search(name: string, query: object): Search {
  const range = { range: { '@timestamp': { gte: new Date(now - 30 * 24 * HOUR_MS).toISOString() } } };
  const body = { size: 50, query: { bool: { filter: [range, query] } }, sort: [{ '@timestamp': 'desc' }] };
  return { name, period: '30 days', body };
}

async function someFlow(cluster: Cluster): Promise<Named> {
  const filter = [{ exists: { field: 'host.name' } }, { exists: { field: 'user.email' } }];
  const body = { size: 1, query: { bool: { filter } }, sort: [{ '@timestamp': 'asc' }] };
  const answer = (await cluster.call('POST', '/logs-cloudconnexa.flow-*/_search', body)) as Answer;
  return answer.hits.hits[0]?._source ?? {};
}

interface Answer {
  readonly took: number;
  readonly hits: { readonly hits: readonly { readonly _source: Named }[] };
}

/** One time for nothing, so that all layouts have their files in the system's cache. */
async function timed(cluster: Cluster, { name, period, body }: Search, rounds: number): Promise<SearchTime> {
  const millis: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const answer = (await cluster.call('POST', `/${STREAMS}/_search?request_cache=false`, body)) as Answer;
    if (round > 0) millis.push(answer.took);
  }
  return { name, period, millis: spread(millis) };
}
