import type { Fault } from './fault.js';
import { awsAccess } from './aws-access.js';
import { getAt, type Tree } from './tree.js';

/** The first is of no use without the second. */
const needs = [
  ['access_key_id', 'secret_access_key'],
  ['secret_access_key', 'access_key_id'],
  ['session_token', 'access_key_id'],
  ['role_external_id', 'role_arn'],
  ['web_identity_token_file', 'role_arn'],
] as const;

/** Of the two only one can be meant. */
const excludes = [
  ['profile', 'access_key_id', 'credentials'],
  ['web_identity_token_file', 'access_key_id', 'credentials'],
  ['web_identity_token_file', 'profile', 'credentials'],
  ['web_identity_token_file', 'role_external_id', 'roles'],
] as const;

/** Faults of `output.aws`. */
export function signingFaults(tree: Tree): Fault[] {
  const entry = getAt(tree, 'output.aws');
  const path = 'output.aws.service';
  // The session's name alone has a default, and means nothing.
  const given = Object.keys(awsAccess).find((name) => name !== 'role_session_name' && getAt(entry, name) !== undefined);
  const remedy = 'Give es (Amazon OpenSearch Service) or aoss (OpenSearch Serverless), or remove output.aws.';
  const missing = given !== undefined && getAt(tree, path) === undefined;
  return [
    ...(missing ? [{ path, message: `is missing, while output.aws.${given} is given`, remedy }] : []),
    ...awsFaults(entry, 'output.aws'),
  ];
}

/** Faults of how one input finds its AWS credentials. */
export function awsFaults(entry: unknown, path: string): Fault[] {
  const given = (name: string): boolean => getAt(entry, name) !== undefined;
  const missing = needs.filter(([one, other]) => given(one) && !given(other));
  const both = excludes.filter(([one, other]) => given(one) && given(other));
  return [
    ...missing.map(([one, other]) => ({
      path: `${path}.${other}`,
      message: `is missing, while ${one} is given`,
      remedy: `Give ${other} too, or remove ${one}.`,
    })),
    ...both.map(([one, other, what]) => ({
      path: `${path}.${one}`,
      message: `is given together with ${other}`,
      remedy: `Keep one way to get ${what} and remove the other.`,
    })),
  ];
}
