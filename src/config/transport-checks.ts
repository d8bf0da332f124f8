import type { Fault } from './fault.js';
import type { Problem } from './formats.js';
import type { Environment } from './interpolate.js';
import { isLoopback } from './loopback.js';
import { getAt, type Tree } from './tree.js';

type Section = 'output' | 'dashboards';

/** Credentials that would be readable on the way. */
export function transportFaults(tree: Tree, env: Environment): Fault[] {
  return [...engineFaults(tree), ...signingFaults(tree, env), ...inputFaults(tree, env)];
}

function engineFaults(tree: Tree): Fault[] {
  const hosts = getAt(tree, 'output.hosts');
  const nodes = Array.isArray(hosts)
    ? hosts.flatMap((host: unknown, index) => plainHttpFaults(tree, 'output', `output.hosts.${index}`, host))
    : [];
  return [...nodes, ...plainHttpFaults(tree, 'dashboards', 'dashboards.url', getAt(tree, 'dashboards.url'))];
}

function plainHttpFaults(tree: Tree, section: Section, path: string, value: unknown): Fault[] {
  const url = plainHttp(value);
  const problem = url && plainHttpProblem(tree, section, url);
  return problem ? [{ path, ...problem }] : [];
}

function plainHttpProblem(tree: Tree, section: Section, url: URL): Problem | undefined {
  if (getAt(tree, `${section}.ca_fingerprint`) !== undefined) {
    const message = `is a plain http address, while ${section}.ca_fingerprint asks for TLS`;
    return { message, remedy: `Write https://, or remove ${section}.ca_fingerprint.` };
  }
  const allowed = getAt(tree, `${section}.allow_insecure_auth`) === true;
  if (!sendsSecret(tree, section) || isLoopback(url.hostname) || allowed) return undefined;
  return readable(`${section}.allow_insecure_auth`);
}

function plainHttp(value: unknown): URL | undefined {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  return url?.protocol === 'http:' ? url : undefined;
}

function readable(flag: string): Problem {
  const message = 'would get the credentials over plain http, where anyone on the way can read them';
  return { message, remedy: `Use https, or set ${flag}: true if the network is yours alone.` };
}

/** Without credentials of its own a section sends those of `output`, but for signatures, which are for the cluster alone. */
function sendsSecret(tree: Tree, section: Section): boolean {
  if (section === 'output' && getAt(tree, 'output.aws.service') !== undefined) return true;
  const has = (of: Section): boolean =>
    ['api_key', 'bearer_token', 'password'].some((name) => getAt(tree, `${of}.${name}`) !== undefined);
  return has(section) || has('output');
}

/** Where roles are assumed when the environment says so; the first is asked where the second says nothing. */
const stsVariables = ['AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL'];

function signingFaults(tree: Tree, env: Environment): Fault[] {
  if (getAt(tree, 'output.aws.service') === undefined || getAt(tree, 'output.allow_insecure_auth') === true) return [];
  return variableFaults('output.aws', 'output.allow_insecure_auth', [stsVariables], env);
}

/** Whatever an input asks of AWS is signed, with a session token for all who listen; an assumed role's keys come back in the clear. */
function inputFaults(tree: Tree, env: Environment): Fault[] {
  const inputs: unknown[] = Array.isArray(tree['inputs']) ? tree['inputs'] : [];
  return inputs.flatMap((entry, index) => {
    const [path, type] = [`inputs.${index}`, getAt(entry, 'type')];
    if ((type !== 's3' && type !== 'sqs') || getAt(entry, 'allow_insecure_auth') === true) return [];
    const flag = `${path}.allow_insecure_auth`;
    const places = ['endpoint', 'queue_url'].filter((name) => isReadable(getAt(entry, name)));
    const s3Variables = getAt(entry, 'endpoint') === undefined ? [['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL']] : [];
    return [
      ...places.map((name) => ({ path: `${path}.${name}`, ...readable(flag) })),
      ...variableFaults(path, flag, [...s3Variables, stsVariables], env),
    ];
  });
}

function isReadable(value: unknown): boolean {
  const url = plainHttp(value);
  return url !== undefined && !isLoopback(url.hostname);
}

/** @param groups variables of which the first that is set counts */
function variableFaults(path: string, flag: string, groups: readonly string[][], env: Environment): Fault[] {
  const names = groups
    .flatMap((group) => group.find((name) => env[name]) ?? [])
    .filter((name) => isReadable(env[name]));
  return names.map((name) => {
    const { message, remedy } = readable(flag);
    return {
      path,
      origin: `environment variable ${name}`,
      message: message.replace('would get', 'would send'),
      remedy,
    };
  });
}
