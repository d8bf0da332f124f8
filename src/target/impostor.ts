import type { Answer } from './answer.js';
import { notAnEngine, type Explanation } from './reasons.js';

/** What an answer that no engine would give comes from, as far as its headers and text tell. */
interface Impostor {
  /** A noun phrase. */
  readonly what: string;
  readonly remedy: string;
}

const engineAddress = 'Write the address of the engine itself in output.hosts, usually port 9200';

/**
 * Says what answers instead of an engine; undefined for JSON that nothing gives away.
 * Kibana sends `kbn-name`, OpenSearch Dashboards `osd-name` with every answer; both redirect to a login page or to their start page.
 */
export function impostorOf({ status, body, headers }: Answer): Impostor | undefined {
  const page = typeof body === 'string' ? body : '';
  if (/plain HTTP request was sent to HTTPS|HTTP request to an HTTPS server/i.test(page))
    return { what: 'a TLS port, spoken to in plain http', remedy: 'Write https:// in output.hosts.' };
  const found = frontEndOf({ body, headers });
  if (found) return found;
  const server = serverName(headers, page);
  if (status >= 300 && status < 400)
    return { what: `a redirect${to(headers.location)}${by(server)}`, remedy: redirected };
  if (page === '' && server === undefined) return undefined;
  return { what: server ?? 'a web page', remedy: `${engineAddress}; a proxy before it has to pass all paths on.` };
}

export function explainImpostor({ what, remedy }: Impostor, status: number): Explanation {
  return { ...notAnEngine(`it is ${what} (HTTP ${status})`), remedy };
}

const redirected = `${engineAddress}, with https:// where it speaks TLS; a login page in between keeps programs out.`;

/** The proxy or web server behind an answer; undefined when nothing names it. */
export function serverName(headers: Answer['headers'], body: unknown): string | undefined {
  const named = /nginx|openresty|apache|envoy|haproxy|traefik|caddy|cloudflare|awselb|squid|varnish|microsoft-iis/i;
  const text = [headers.server, headers.via, headers['x-squid-error'] === undefined ? '' : 'squid', body]
    .filter((one) => typeof one === 'string')
    .join(' ');
  return named.exec(text.slice(0, 2000))?.[0]?.toLowerCase();
}

/** Kibana or OpenSearch Dashboards, whatever the status: their refusals, too, are JSON with an `error`, as an engine's are. */
export function frontEndOf({ body, headers }: Pick<Answer, 'body' | 'headers'>): Impostor | undefined {
  const product = frontEnd(headers, typeof body === 'string' ? body : '');
  return product && { what: product, remedy: `${engineAddress}; ${product} has its own in dashboards.url.` };
}

function frontEnd(headers: Answer['headers'], page: string): 'Kibana' | 'OpenSearch Dashboards' | undefined {
  if (headers['osd-name'] !== undefined || /opensearch[ -]dashboards/i.test(page)) return 'OpenSearch Dashboards';
  if (headers['kbn-name'] !== undefined || /<title>(?:Elastic|Kibana)<|kbn-injected-metadata/i.test(page))
    return 'Kibana';
  return undefined;
}

/** Without its query, which may hold what was sent. */
function to(location: unknown): string {
  return typeof location === 'string' ? ` to ${location.split(/[?#]/)[0] ?? ''}` : '';
}

function by(server: string | undefined): string {
  return server === undefined ? '' : ` by ${server}`;
}

/** Whether an answer is an engine's own: those are JSON objects with an `error`, even when they refuse. */
export function isEngineError(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'error' in body;
}
