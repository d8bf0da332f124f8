import { readdirSync } from 'node:fs';
import type { Client } from '@elastic/elasticsearch';
import { ConnectorError } from '../../errors.js';
import type { ManifestAsset } from '../../manifest.js';
import { packageJson, packagePath } from '../../package-root.js';
import { ask, asList, asObject, reasonOf, type Answer } from '../../target/answer.js';
import type { Found, Look, ObjectChange, ObjectStore, Wanted } from '../object-store.js';
import { once } from '../once.js';
import type { Report } from '../plan.js';
import { refuse } from '../store.js';
import { mergeMonitor, monitorMark, type Monitor } from './monitors.js';

/** A monitor and the place where it is stored. */
interface StoredMonitor {
  readonly id: string;
  readonly seqNo: number;
  readonly primaryTerm: number;
  readonly monitor: Monitor;
}

type Change = ObjectChange<Monitor, StoredMonitor>;

const api = '/_plugins/_alerting/monitors';

/** More than a cluster takes by default (`plugins.alerting.monitor.max_monitors`: 1000). */
const searchSize = 10_000;

/**
 * Monitors of OpenSearch Alerting, through the cluster. Source: OpenSearch documentation, Alerting API.
 * @param enable Whether a monitor runs as soon as it is created.
 */
export function monitorStore(
  asset: ManifestAsset,
  client: Client,
  enable: boolean,
): ObjectStore<Monitor, StoredMonitor> {
  const wanted = once(() => readMonitors(asset.name));
  return {
    asset,
    wanted,
    look: () => look(client, wanted(), enable),
    store: (changes, report) => store(client, changes, enable, report),
    remove: ({ name }, stored) => remove(client, name, stored),
  };
}

/** One file a monitor; its name is the id of the rule. */
function readMonitors(folder: string): Wanted<Monitor>[] {
  const files = readdirSync(packagePath(folder)).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const body = packageJson(`${folder}/${file}`) as Monitor;
    return {
      id: file.replace(/\.json$/, ''),
      kind: 'monitor',
      name: body.name,
      version: digestIn(body),
      body,
    };
  });
}

function digestIn(monitor: Monitor): string {
  const mark = monitorMark(monitor);
  if (mark === undefined) throw new Error(`The monitor ${monitor.name} of this package lacks our mark`);
  return mark.digest;
}

async function look(client: Client, wanted: readonly Wanted<Monitor>[], enable: boolean): Promise<Look<StoredMonitor>> {
  const answer = await ask(client, 'POST', `${api}/_search`, { size: searchSize, query: { match_all: {} } });
  if (answer.status === 403) {
    const why = `The cluster does not let us read monitors: ${reasonOf(answer)}.`;
    return { state: 'closed', why, denied: true };
  }
  // Before the first monitor there is no index of them.
  if (answer.status !== 404) refuse(answer, `POST ${api}/_search`, 'The monitors could not be read');
  const stored = asList(asObject(asObject(answer.body).hits).hits).map(storedMonitor);
  const found = wanted.flatMap(({ id, name }): [string, Found<StoredMonitor>][] => {
    const ours = stored.find(({ monitor }) => monitorMark(monitor)?.rule === id);
    const named = ours ?? stored.find(({ monitor }) => monitor.name === name);
    return named === undefined ? [] : [[id, foundMonitor(named, enable)]];
  });
  return { state: 'open', found: new Map(found) };
}

function storedMonitor(hit: unknown): StoredMonitor {
  const { _id: id, _seq_no: seqNo, _primary_term: primaryTerm, _source: source } = asObject(hit);
  const monitor = (asObject(source).monitor ?? source) as Monitor;
  return { id: String(id), seqNo: Number(seqNo), primaryTerm: Number(primaryTerm), monitor };
}

function foundMonitor(stored: StoredMonitor, enable: boolean): Found<StoredMonitor> {
  const version = monitorMark(stored.monitor)?.digest;
  const off = version !== undefined && enable && stored.monitor.enabled === false;
  const notes = off ? ['It is disabled and stays so: rules.enable is for monitors that are created.'] : [];
  return { version, stored, notes };
}

async function store(client: Client, changes: readonly Change[], enable: boolean, report: Report): Promise<void> {
  for (const { wanted, found } of changes) {
    const answer = await (found === undefined
      ? ask(client, 'POST', api, { ...wanted.body, enabled: enable })
      : ask(client, 'PUT', target(found.stored, true), mergeMonitor(wanted.body, found.stored.monitor)));
    checkStored(answer, wanted, found === undefined ? `POST ${api}` : `PUT ${target(found.stored)}`);
    const state = enable ? 'running' : 'disabled: enable it in OpenSearch Dashboards';
    report(found === undefined ? `Created monitor ${wanted.name}, ${state}.` : `Updated monitor ${wanted.name}.`);
  }
}

/** The answer has the monitor as it is stored. */
function checkStored(answer: Answer, wanted: Wanted<Monitor>, place: string): void {
  refuse(answer, place, `monitor ${wanted.id} (${wanted.name}) was not stored`);
  const mark = monitorMark(asObject(answer.body).monitor as Monitor);
  if (mark?.digest === wanted.version) return;
  const what = `The cluster did not keep monitor ${wanted.id} (${wanted.name}) as it was sent`;
  throw new ConnectorError('CCX_ASSET_REFUSED', what, { place });
}

async function remove(client: Client, name: string, stored: StoredMonitor): Promise<void> {
  const answer = await ask(client, 'DELETE', target(stored));
  if (answer.status === 404) return;
  refuse(answer, `DELETE ${target(stored)}`, `monitor ${name} was not removed`);
}

/** Who has seen another revision may not change it. */
function target({ id, seqNo, primaryTerm }: StoredMonitor, seen = false): string {
  const revision = seen ? `?if_seq_no=${seqNo}&if_primary_term=${primaryTerm}` : '';
  return `${api}/${encodeURIComponent(id)}${revision}`;
}
