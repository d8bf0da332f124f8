import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterTest } from './after-test.js';

export interface ConnectProxy {
  readonly url: string;
  /** `CONNECT` targets and the credentials they came with. */
  readonly asked: { readonly target: string; readonly login: string | undefined }[];
}

/** A real HTTP proxy whose tunnels all end at one port of this machine, whatever name was asked for. `status`: its answer. */
export async function startConnectProxy(port: number, status = 200): Promise<ConnectProxy> {
  const asked: { target: string; login: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(400).end());
  server.on('connect', (request, client: Socket) => {
    asked.push({ target: request.url ?? '', login: request.headers['proxy-authorization'] });
    sockets.add(client.on('error', () => undefined));
    if (status !== 200) return client.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    const there = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      there.pipe(client).pipe(there);
    });
    sockets.add(there.on('error', () => undefined));
    return there;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterTest(async () => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
