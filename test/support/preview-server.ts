import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadConfig } from '../../src/config.js';
import { startPreview, type Preview, type PreviewOptions } from '../../src/preview/start.js';
import { afterTest } from './after-test.js';
import { keepLog } from './sending.js';

/** The preview of a cluster at `url`, until the end of the test. */
export async function previewOf(
  url: string,
  options: Partial<PreviewOptions> & { readonly namespace?: string } = {},
): Promise<Preview> {
  const { namespace = 'default', ...others } = options;
  const { output } = loadConfig({ env: {}, set: [`output.hosts=${url}`, `output.namespace=${namespace}`] });
  return startPreview({ output, port: 0, log: keepLog().log, ...others });
}

/** An engine that answers every search with the same, until the end of the test. @returns its URL */
export async function stubbornEngine(status: number, answer: unknown): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterTest(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
