import { awsFaults, signingFaults } from './aws-checks.js';
import type { Fault } from './fault.js';
import { formats } from './formats.js';
import type { Environment } from './interpolate.js';
import { lookUp } from './lookup.js';
import { getAt, leaves, type Tree } from './tree.js';
import { transportFaults } from './transport-checks.js';

/**
 * What types cannot say: formats of single values, and settings that must go together. Values of a wrong type are left to the schema.
 * @param env also has addresses that the AWS SDK asks
 */
export function meaningFaults(tree: Tree, env: Environment): Fault[] {
  return [
    ...formatFaults(tree),
    ...credentialFaults(tree),
    ...transportFaults(tree, env),
    ...retryFaults(tree),
    ...inputFaults(tree),
    ...signingFaults(tree),
  ];
}

function formatFaults(tree: Tree): Fault[] {
  return [...leaves(tree)].flatMap(([path, value]) => {
    const format = (lookUp(path) ?? lookUp(path.replace(/\.\d+$/, '')))?.format;
    const problem = format && typeof value === 'string' && value !== '' ? formats[format](value) : undefined;
    return problem ? [{ path, ...problem }] : [];
  });
}

const sections = {
  output: ['api_key', 'bearer_token', 'username', 'aws.service'],
  dashboards: ['api_key', 'username'],
} as const;

type Section = keyof typeof sections;

function credentialFaults(tree: Tree): Fault[] {
  return (Object.keys(sections) as Section[]).flatMap((section) => [
    ...halfFaults(tree, section),
    ...severalFaults(tree, section),
  ]);
}

function halfFaults(tree: Tree, section: Section): Fault[] {
  const given = (name: string): boolean => getAt(tree, `${section}.${name}`) !== undefined;
  if (given('username') && !given('password')) return [half(section, 'password', 'username')];
  if (given('password') && !given('username')) return [half(section, 'username', 'password')];
  return [];
}

function half(section: Section, missing: string, present: string): Fault {
  const path = `${section}.${missing}`;
  const message = `is missing, while ${section}.${present} is given`;
  return { path, message, remedy: `Give ${path} too, or remove ${section}.${present}.` };
}

function severalFaults(tree: Tree, section: Section): Fault[] {
  const ways = sections[section].map((name) => `${section}.${name}`).filter((path) => getAt(tree, path) !== undefined);
  const [first, ...others] = ways;
  if (first === undefined || others.length === 0) return [];
  const message = `is given together with ${others.join(' and ')}`;
  return [{ path: first, message, remedy: 'Keep one way to log in and remove the others.' }];
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
