import type { IncomingMessage } from 'node:http';
import { refusal, type Refusal } from './refusal.js';

/**
 * Whether a request may be answered at all. The preview listens on this machine only, but a browser on it runs pages of strangers: the host
 * named must be this machine (or a stranger's name that points here could read everything, DNS rebinding), and nothing is served to
 * scripts and frames of other sites. The port may be any: a tunnel has its own.
 * @returns undefined when it may
 */
export function guard({
  method,
  url,
  headers,
}: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): Refusal | undefined {
  if (!isOurs(headers.host))
    return refusal(
      421,
      'PREVIEW_HOST',
      'The preview answers to this machine only.',
      'Open it as 127.0.0.1 or localhost.',
    );
  if (method !== 'GET' && method !== 'HEAD')
    return refusal(405, 'PREVIEW_METHOD', 'The preview only reads.', 'Use GET.');
  if (isForeign(headers) && !isOpened(url, headers))
    return refusal(403, 'PREVIEW_SITE', 'Another site asks.', 'Open the page itself.');
  return undefined;
}

function isOurs(host = ''): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(host.toLowerCase().replace(/:\d{1,5}$/, ''));
}

/** Whether it is the page's own address, whatever it shows. */
export function isPage(url = '/'): boolean {
  return url.split('?')[0] === '/';
}

/** Browsers say who asks (https://www.w3.org/TR/fetch-metadata/). */
function isForeign(headers: IncomingMessage['headers']): boolean {
  const site = headers['sec-fetch-site'] ?? 'none';
  return site !== 'same-origin' && site !== 'none';
}

/** A link on another page may lead to ours; to an answer of the API nobody goes, but a frame could make the engine work by it. */
function isOpened(url: string | undefined, headers: IncomingMessage['headers']): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && isPage(url);
}
