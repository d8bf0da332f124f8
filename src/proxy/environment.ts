import { BlockList, isIP } from 'node:net';
import { isLoopback } from '../config/loopback.js';
import { ConnectorError } from '../errors.js';
import { learnSecrets } from '../redact.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a URL, by the variables that other tools know: HTTPS_PROXY and HTTP_PROXY by its scheme, NO_PROXY for hosts without
 * one; each in lower case first. This machine is never asked for through a proxy.
 * @returns undefined when the host is reached directly
 * @throws ConnectorError CCX_PROXY_SETTING when the variable holds no URL of an HTTP proxy
 */
export function proxyFor(target: URL, env: Environment = process.env): URL | undefined {
  const name = target.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const given = env[name] || env[name.toUpperCase()];
  if (!given || isLoopback(target.hostname) || isExempt(target, env['no_proxy'] || env['NO_PROXY'] || ''))
    return undefined;
  return parsed(given, name.toUpperCase());
}

/** `proxy:3128` is understood as curl does. */
function parsed(text: string, name: string): URL {
  const full = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConnectorError('CCX_PROXY_SETTING', 'The address of the proxy is not that of an HTTP proxy', {
      place: name,
    });
  }
  if (url.password !== '')
    learnSecrets(name, [decoded(url.password)], [`${decoded(url.username)}:${decoded(url.password)}`]);
  return url;
}

/** A part of a URL; what is not encoded well is meant as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Entries: `*`, a host with all below it (a dot or `*.` before it changes nothing), an address, a network, each with a port or without. */
function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const own = port || (protocol === 'https:' ? '443' : '80');
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => entry === '*' || fits(entry.toLowerCase(), host, own));
}

function fits(entry: string, host: string, port: string): boolean {
  const [, bracketed, plain, wanted] = /^(?:\[([^\]]+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? [];
  if (wanted !== undefined && wanted !== port) return false;
  const name = (bracketed ?? plain ?? '').replace(/^\*?\./, '');
  return name === host || (isIP(host) === 0 ? host.endsWith(`.${name}`) : inNetwork(host, name));
}

function inNetwork(host: string, entry: string): boolean {
  const [network = '', bits] = entry.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if (bits === undefined || isIP(network) === 0 || !/^\d+$/.test(bits) || Number(bits) > (family === 'ipv6' ? 128 : 32))
    return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}
