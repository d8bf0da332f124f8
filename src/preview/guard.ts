import type { IncomingMessage } from 'node:http';
import { refusal, type Refusal } from './refusal.js';

/**
 * Whether a request may be answered at all. The preview listens on this machine only, but a browser on it runs pages of strangers: the host
 * named must be this machine (or a stranger's name that points here could read everything, DNS rebinding), and nothing is served to
 * scripts of other sites.
 * @returns undefined when it may
 */
export function guard(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  port: number,
): Refusal | undefined {
  if (!isOurs(headers.host, port))
    return refusal(421, 'PREVIEW_HOST', 'The preview answers to this machine only.', `Open http://127.0.0.1:${port}/.`);
  if (method !== 'GET' && method !== 'HEAD')
    return refusal(405, 'PREVIEW_METHOD', 'The preview only reads.', 'Use GET.');
  if (isForeign(headers))
    return refusal(403, 'PREVIEW_SITE', 'Another site asks.', `Open http://127.0.0.1:${port}/ itself.`);
  return undefined;
}

function isOurs(host: string | undefined, port: number): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].some((name) => host?.toLowerCase() === `${name}:${port}`);
}

/** Browsers say who asks (https://www.w3.org/TR/fetch-metadata/). A link on another page may lead here. */
function isForeign(headers: IncomingMessage['headers']): boolean {
  const site = headers['sec-fetch-site'] ?? 'none';
  return site !== 'same-origin' && site !== 'none' && headers['sec-fetch-mode'] !== 'navigate';
}
