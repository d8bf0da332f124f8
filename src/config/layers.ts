import { nearest, unknownRemedy, type Fault } from './fault.js';
import type { Environment } from './interpolate.js';
import { knownPaths, knownVariables, lookUp, pathOfVariable } from './lookup.js';
import { parseText } from './parse.js';
import { environmentOnly, environmentPrefix } from './settings.js';
import { leaves } from './tree.js';

/** One value given outside the file. */
export interface Given {
  readonly path: string;
  readonly value: unknown;
  readonly origin: string;
}

/** A source of values that goes over those before it. */
export interface Layer {
  readonly given: readonly Given[];
  readonly faults: readonly Fault[];
}

// Kubernetes sets these for a service that is called cloudconnexa-ecs; they are no settings.
const serviceVariable =
  /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;

/** Values from environment variables; an empty one counts as not set. */
export function environmentLayer(env: Environment): Layer {
  const names = Object.keys(env).filter(
    (name) => name.startsWith(environmentPrefix) && env[name] !== '' && env[name] !== undefined,
  );
  const settings = names.filter((name) => !environmentOnly.has(name) && !serviceVariable.test(name));
  return collect(settings.map((name) => fromVariable(name, env[name] ?? '')));
}

/** Values from `--set path=value`, later ones over earlier ones. */
export function setLayer(assignments: readonly string[]): Layer {
  return collect(assignments.map(fromAssignment));
}

function fromVariable(name: string, text: string): Given | Fault {
  const path = pathOfVariable(name);
  if (path !== undefined) return fromText(path, text, `environment variable ${name}`);
  const meant = nearest(name, knownVariables);
  const remedy =
    meant === undefined ? 'Unset it; `cloudconnexa-ecs config example` names them all.' : `Did you mean ${meant}?`;
  return { path: name, message: 'is an environment variable that sets nothing', remedy };
}

function fromAssignment(assignment: string): Given | Fault {
  const cut = assignment.indexOf('=');
  // Without a `=` the text could be anything, a secret too: it is not repeated.
  if (cut < 1)
    return { path: '--set', message: 'is not of the form path=value', remedy: 'Write --set output.gzip=false.' };
  const path = assignment.slice(0, cut).trim();
  const setting = lookUp(path);
  if (!setting) return { path, origin: '--set', message: 'is not a setting', remedy: unknownPathRemedy(path) };
  if (setting.secret) return secretOnCommandLine(path);
  const given = fromText(path, assignment.slice(cut + 1), '--set');
  const inside = 'value' in given ? inputSecretIn(given.value) : undefined;
  return inside === undefined ? given : secretOnCommandLine(inside);
}

/** The path of a secret in a list of inputs that is given as a whole. */
function inputSecretIn(value: unknown): string | undefined {
  return [...leaves(value, 'inputs')].find(([path]) => lookUp(path)?.secret)?.[0];
}

function unknownPathRemedy(path: string): string {
  const meant = nearest(path, knownPaths);
  return meant === undefined ? '`cloudconnexa-ecs config example` prints all settings.' : unknownRemedy(path, [meant]);
}

function secretOnCommandLine(path: string): Fault {
  return {
    path,
    origin: '--set',
    message: 'is a secret, and arguments are visible to every user of this machine',
    remedy: `Give it in the environment or the file, or give ${path}_file.`,
  };
}

function fromText(path: string, text: string, origin: string): Given | Fault {
  const setting = lookUp(path);
  const parsed = setting ? parseText(setting, text) : { value: text };
  return 'problem' in parsed ? { path, origin, ...parsed.problem } : { path, value: parsed.value, origin };
}

function collect(items: readonly (Given | Fault)[]): Layer {
  return {
    given: items.filter((item) => 'value' in item),
    faults: items.filter((item): item is Fault => !('value' in item)),
  };
}
