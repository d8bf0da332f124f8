import { awsFaults } from './aws-checks.js';
import type { Fault } from './fault.js';
import { formats, type Problem } from './formats.js';
import { lookUp } from './lookup.js';
import { getAt, leaves, type Tree } from './tree.js';
import { isLoopback } from './loopback.js';

/** What types cannot say: formats of single values, and settings that must go together. Values of a wrong type are left to the schema. */
export function meaningFaults(tree: Tree): Fault[] {
  return [
    ...formatFaults(tree),
    ...credentialFaults(tree),
    ...transportFaults(tree),
    ...retryFaults(tree),
    ...inputFaults(tree),
  ];
}

function formatFaults(tree: Tree): Fault[] {
  return [...leaves(tree)].flatMap(([path, value]) => {
    const format = (lookUp(path) ?? lookUp(path.replace(/\.\d+$/, '')))?.format;
    const problem = format && typeof value === 'string' && value !== '' ? formats[format](value) : undefined;
    return problem ? [{ path, ...problem }] : [];
  });
}

function credentialFaults(tree: Tree): Fault[] {
  const given = (name: string) => getAt(tree, `output.${name}`) !== undefined;
  const faults: Fault[] = [];
  if (given('username') && !given('password')) faults.push(half('password', 'username'));
  if (given('password') && !given('username')) faults.push(half('username', 'password'));
  const ways = ['api_key', 'bearer_token', 'username'].filter(given);
  if (ways.length > 1) {
    const message = `is given together with ${ways
      .slice(1)
      .map((name) => `output.${name}`)
      .join(' and ')}`;
    faults.push({ path: `output.${ways[0]}`, message, remedy: 'Keep one way to log in and remove the others.' });
  }
  return faults;
}

function half(missing: string, present: string): Fault {
  const message = `is missing, while output.${present} is given`;
  return { path: `output.${missing}`, message, remedy: `Give output.${missing} too, or remove output.${present}.` };
}

function transportFaults(tree: Tree): Fault[] {
  const hosts = getAt(tree, 'output.hosts');
  if (!Array.isArray(hosts)) return [];
  return hosts.flatMap((host: unknown, index) => {
    const url = typeof host === 'string' && URL.canParse(host) ? new URL(host) : undefined;
    const problem = url?.protocol === 'http:' ? plainHttpProblem(tree, url) : undefined;
    return problem ? [{ path: `output.hosts.${index}`, ...problem }] : [];
  });
}

function plainHttpProblem(tree: Tree, url: URL): Problem | undefined {
  if (getAt(tree, 'output.ca_fingerprint') !== undefined) {
    const message = 'is a plain http address, while output.ca_fingerprint asks for TLS';
    return { message, remedy: 'Write https://, or remove output.ca_fingerprint.' };
  }
  const secret = ['api_key', 'bearer_token', 'password'].some((name) => getAt(tree, `output.${name}`) !== undefined);
  if (!secret || isLoopback(url.hostname) || getAt(tree, 'output.allow_insecure_auth') === true) return undefined;
  const message = 'would get the credentials over plain http, where anyone on the way can read them';
  const remedy = 'Use https, or set output.allow_insecure_auth: true if the network is yours alone.';
  return { message, remedy };
}

function retryFaults(tree: Tree): Fault[] {
  const [initialMs, maxS] = [getAt(tree, 'output.retry.initial_ms'), getAt(tree, 'output.retry.max_s')];
  if (typeof initialMs !== 'number' || typeof maxS !== 'number' || initialMs <= maxS * 1000) return [];
  const message = 'is longer than output.retry.max_s';
  return [
    {
      path: 'output.retry.initial_ms',
      message,
      remedy: 'Make it smaller, or max_s larger; mind milliseconds and seconds.',
    },
  ];
}

function inputFaults(tree: Tree): Fault[] {
  const inputs: unknown[] = Array.isArray(tree['inputs']) ? tree['inputs'] : [];
  const firstStdin = inputs.findIndex((entry) => getAt(entry, 'type') === 'stdin');
  return inputs.flatMap((entry, index) => {
    const path = `inputs.${index}`;
    const isSecondStdin = getAt(entry, 'type') === 'stdin' && index > firstStdin;
    const again = { path, message: 'is a second stdin, which can be read only once', remedy: 'Remove it.' };
    const same = isSecondStdin ? -1 : inputs.slice(0, index).findIndex((other) => placeOf(other) === placeOf(entry));
    const twice = { path, message: `reads the same as inputs.${same}`, remedy: 'Remove one of the two.' };
    return [...(isSecondStdin ? [again] : []), ...(same < 0 ? [] : [twice]), ...awsFaults(entry, path)];
  });
}

/** What an input reads: two that read the same would share their positions. Different for inputs that say too little. */
function placeOf(entry: unknown): unknown {
  const parts = ['type', 'paths', 'bucket', 'prefix', 'suffix', 'endpoint', 'queue_url'].map((name) =>
    getAt(entry, name),
  );
  return parts.slice(1).some((part) => part !== undefined && part !== '') ? JSON.stringify(parts) : Symbol('no place');
}
