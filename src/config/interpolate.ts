import type { Problem } from './formats.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a `${NAME}` stands for. */
export interface Variable {
  readonly value: string;
  /** `keystore NAME` or `environment variable NAME`. */
  readonly origin: string;
}

/** Undefined for a name that nothing has. */
export type Variables = (name: string) => Variable | undefined;

/** The text with its variables put in, whether there were any, and where those came from. */
export type Interpolated =
  | { readonly text: string; readonly replaced: boolean; readonly origins: readonly string[] }
  | { readonly problem: Problem };

// `$$` before a brace keeps it as it is; a reference may carry a default after the colon, which may contain colons.
const reference = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::([^}]*))?\}|\$\{/g;

/** The environment as variables; an empty one counts as not set. */
export function fromEnvironment(env: Environment): Variables {
  return (name) => {
    const value = env[name];
    return value === undefined || value === '' ? undefined : { value, origin: `environment variable ${name}` };
  };
}

/**
 * Puts variables into `${NAME}` and `${NAME:default}`; `$${` stands for a plain `${`.
 * What is put in is not looked at again, so a value cannot refer to another variable.
 */
export function interpolate(text: string, variables: Variables): Interpolated {
  const problems: Problem[] = [];
  const origins = new Set<string>();
  let replaced = false;
  const result = text.replace(reference, (match: string, name: string | undefined, fallback: string | undefined) => {
    if (match === '$${') return '${';
    if (name === undefined) problems.push(malformed);
    replaced = true;
    const variable = name === undefined ? undefined : variables(name);
    if (variable) origins.add(variable.origin);
    const value = variable?.value ?? fallback;
    if (value === undefined) problems.push(unset(name ?? ''));
    return value ?? '';
  });
  const problem = problems[0];
  return problem ? { problem } : { text: result, replaced, origins: [...origins] };
}

const malformed: Problem = {
  message: 'has a ${ that begins no variable',
  remedy: 'Write ${NAME} or ${NAME:default}, or $${ for a plain ${.',
};

function unset(name: string): Problem {
  return {
    message: `needs ${name}, which neither the keystore nor the environment has`,
    remedy: `Set the environment variable, run \`cloudconnexa-ecs keystore set ${name}\`, or give a default: \${${name}:default}.`,
  };
}
