import type { Client } from '@elastic/elasticsearch';
import { oneLine } from '../printable.js';
import { ask, asList, asObject, path } from '../target/answer.js';

/** What an analyst would ask first, with the answers of the engine. */
export interface View {
  /** Events of all kinds. */
  readonly events: number;
  readonly flows: number;
  readonly denied: number;
  readonly users: readonly Bucket[];
  readonly ports: readonly Bucket[];
  /** The user with the widest spread of denied destinations: the mark of a scan. */
  readonly widest: { readonly user: string; readonly destinations: number; readonly ports: number } | undefined;
  readonly sample: unknown;
}

export interface Bucket {
  readonly key: string;
  readonly count: number;
}

/** The searches use ECS fields only: they work for every source that maps firewall verdicts to ECS. */
const DENIED = { bool: { filter: [{ term: { 'event.category': 'network' } }, { term: { 'event.type': 'denied' } }] } };

/** Asks the engine, after a refresh, so that everything shipped is seen. */
export async function analystView(client: Client, namespace: string): Promise<View> {
  const all = `logs-cloudconnexa.*-${namespace}`;
  const flows = `logs-cloudconnexa.flow-${namespace}`;
  await ask(client, 'POST', path`/${all}/_refresh`);
  const answer = await ask(client, 'POST', path`/${flows}/_search`, {
    size: 1,
    track_total_hits: true,
    query: DENIED,
    sort: [{ '@timestamp': 'desc' }],
    aggs: {
      users: { terms: { field: 'user.name', size: 5 } },
      ports: { terms: { field: 'destination.port', size: 5 } },
      spread: {
        terms: { field: 'user.name', size: 1, order: { destinations: 'desc' } },
        aggs: {
          destinations: { cardinality: { field: 'destination.ip' } },
          ports: { cardinality: { field: 'destination.port' } },
        },
      },
    },
  });
  const { hits, aggregations } = asObject(answer.body);
  const aggregation = (name: string) => asList(asObject(asObject(aggregations)[name]).buckets).map(asObject);
  const widest = aggregation('spread')[0];
  return {
    events: await count(client, all),
    flows: await count(client, flows),
    denied: Number(asObject(asObject(hits)['total'])['value']),
    users: aggregation('users').map(bucket),
    ports: aggregation('ports').map(bucket),
    widest: widest && {
      user: String(widest['key']),
      destinations: Number(asObject(widest['destinations'])['value']),
      ports: Number(asObject(widest['ports'])['value']),
    },
    sample: asObject(asList(asObject(hits)['hits'])[0])['_source'],
  };
}

async function count(client: Client, streams: string): Promise<number> {
  return Number(asObject((await ask(client, 'GET', path`/${streams}/_count`)).body)['count']);
}

function bucket({ key, doc_count: count }: Readonly<Record<string, unknown>>): Bucket {
  return { key: String(key), count: Number(count) };
}

/** The answers as text for a terminal. */
export function printView({ events, flows, denied, users, ports, widest, sample }: View): string {
  return [
    `${events.toLocaleString('en')} events. ${flows.toLocaleString('en')} of them are flows, ${denied.toLocaleString('en')} of those denied.`,
    '',
    'Denied flows by user (user.name)',
    ...chart(users),
    '',
    'Top denied ports (destination.port)',
    ...chart(ports),
    '',
    ...(widest === undefined ? [] : [hint(widest), '']),
    'The latest denied flow',
    ...documentLines(sample),
    '',
  ]
    .map(oneLine)
    .join('\n');
}

/** A line for each part of the document: field by field it would fill several screens. */
function documentLines(document: unknown): string[] {
  return Object.entries(asObject(document)).map(([name, part]) => `  ${name}: ${JSON.stringify(part)}`);
}

function hint({ user, destinations, ports }: NonNullable<View['widest']>): string {
  return `Worth a look: ${user} was denied at ${destinations} destinations on ${ports} ports. That is what a scan looks like.`;
}

function chart(buckets: readonly Bucket[]): string[] {
  const most = Math.max(1, ...buckets.map(({ count }) => count));
  const width = Math.max(0, ...buckets.map(({ key }) => key.length));
  return buckets.map(({ key, count }) => {
    const bar = '█'.repeat(Math.max(1, Math.round((count / most) * 40)));
    return `  ${key.padEnd(width)}  ${String(count).padStart(6)}  ${bar}`;
  });
}
