import type { Fault } from './fault.js';
import { getAt } from './tree.js';

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
