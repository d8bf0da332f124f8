import { startPreview } from '../preview/start.js';
import type { ConfigContext } from './context.js';

/**
 * Serves the dashboards on this machine until a signal comes. Its address goes to the standard output.
 * @returns 0
 * @throws ConnectorError CCX_PREVIEW_PORT, CCX_CONFIG_INVALID
 */
export async function previewCommand({ port }: { readonly port: number }, context: ConfigContext): Promise<number> {
  const { log, redact, signal, stdout, stderr } = context;
  const { output } = await context.loadConfig();
  const preview = await startPreview({ output, port, log, redact });
  try {
    stdout.write(`${preview.url}\n`);
    stderr.write(redact(`Showing ${output.hosts.join(', ')}. Open the address in a browser; end with Ctrl+C.\n`));
    await stopped(signal);
  } finally {
    await preview.close();
  }
  return 0;
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
