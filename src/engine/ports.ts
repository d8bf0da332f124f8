import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

export interface Ports {
  readonly http: number;
  readonly transport: number;
}

async function listen(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Two ports of 127.0.0.1 that nobody listens on right now. Both are held until both are known, so they differ. */
export async function freePorts(): Promise<Ports> {
  const servers = [await listen(), await listen()] as const;
  const [http, transport] = servers.map((server) => (server.address() as AddressInfo).port) as [number, number];
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return { http, transport };
}
