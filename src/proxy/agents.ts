import { Agent as HttpAgent, type AgentOptions, type ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { proxyFor } from './environment.js';
import { openTunnel } from './tunnel.js';

type Created = (error: Error | null, socket: Duplex) => void;
type Create = (options: object) => Duplex | null | undefined;

/** Agents of Node.js that reach each host through the environment's proxy, where it has one. TLS is verified whatever the environment says. */
export function proxiedAgents(options: AgentOptions, timeoutMs: number): { http: HttpAgent; https: HttpsAgent } {
  const http = new HttpAgent(options);
  const https = new HttpsAgent({ ...options, minVersion: 'TLSv1.2', rejectUnauthorized: true });
  reroute(http, 'http:', timeoutMs, () => (socket) => socket);
  reroute(https, 'https:', timeoutMs, (create, wanted) => (socket) => create({ ...wanted, socket }));
  return { http, https };
}

function reroute(
  agent: HttpAgent,
  protocol: 'http:' | 'https:',
  timeoutMs: number,
  wrap: (create: Create, wanted: ClientRequestArgs) => (socket: Duplex) => Duplex | null | undefined,
): void {
  const direct = agent.createConnection.bind(agent);
  agent.createConnection = (wanted, created?: Created) => {
    const host = wanted.host ?? 'localhost';
    const port = Number(wanted.port ?? (protocol === 'https:' ? 443 : 80));
    const proxy = proxyFor(new URL(`${protocol}//${host.includes(':') ? `[${host}]` : host}:${port}`));
    if (proxy === undefined) return direct(wanted, created);
    openTunnel(proxy, { host, port }, timeoutMs).then(
      (socket) => created?.(null, wrap((all) => direct(all), wanted)(socket) ?? socket),
      (error: unknown) => (created as ((error: Error) => void) | undefined)?.(error as Error),
    );
    return undefined;
  };
}
