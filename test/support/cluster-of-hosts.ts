import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterTest } from './after-test.js';

/** `dead`: takes no connection. `hangs`: never answers. `ill`: answers 503 to all. `lame`: answers, but 503 to bulk requests. */
export type Health = 'well' | 'dead' | 'hangs' | 'ill' | 'lame';

/** One address of a cluster. */
export interface ClusterHost {
  readonly url: string;
  /** Bulk requests that came here, and questions whether it answers at all. */
  readonly met: { bulk: number; asked: number };
  become(health: Health): Promise<void>;
}

export interface HostCluster {
  readonly hosts: readonly ClusterHost[];
  /** How often each id was stored. */
  readonly stored: ReadonlyMap<string, number>;
}

/** For use inside a test: real HTTP servers that are the hosts of one cluster, each of which may fail and come back. */
export async function clusterOfHosts(count: number): Promise<HostCluster> {
  const stored = new Map<string, number>();
  const hosts: ClusterHost[] = [];
  for (let i = 0; i < count; i += 1) hosts.push(await startHost(stored));
  return { hosts, stored };
}

async function startHost(stored: Map<string, number>): Promise<ClusterHost> {
  const met = { bulk: 0, asked: 0 };
  let health: Health = 'well';
  const handle = (request: IncomingMessage, response: ServerResponse, body: string): void => {
    const isBulk = request.url?.startsWith('/_bulk') === true;
    if (isBulk) met.bulk += 1;
    if (request.method === 'HEAD') met.asked += 1;
    if (health === 'hangs') return;
    const isIll = health === 'ill' || (health === 'lame' && isBulk);
    response.writeHead(isIll ? 503 : 200, { 'content-type': 'application/json' });
    if (request.method === 'HEAD') response.end();
    else if (isIll) response.end('{"error":{"type":"x","reason":"ill"}}');
    else if (isBulk) response.end(JSON.stringify({ items: store(body, stored) }));
    else response.end('{"indices":[],"aliases":[],"data_streams":[]}');
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => handle(request, response, Buffer.concat(parts).toString()));
  });
  const port = await listen(server, 0);
  afterTest(() => close(server));
  return {
    url: `http://127.0.0.1:${port}`,
    met,
    async become(next) {
      if (health === 'dead') await listen(server, port);
      health = next;
      if (next === 'dead') await close(server);
      if (next === 'well') server.closeAllConnections();
    },
  };
}

function store(body: string, stored: Map<string, number>): unknown[] {
  const actions = body.split('\n').filter((line) => line.startsWith('{"create"'));
  return actions.map((line) => {
    const { _id: id } = (JSON.parse(line) as { create: { _id: string } }).create;
    const times = stored.get(id) ?? 0;
    if (times === 0) stored.set(id, 1);
    return { create: { status: times === 0 ? 201 : 409 } };
  });
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
