import type { Problem } from './formats.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The text with its variables put in, and whether there were any. */
export type Interpolated = { readonly text: string; readonly replaced: boolean } | { readonly problem: Problem };

// `$$` before a brace keeps it as it is; a reference may carry a default after the colon, which may contain colons.
const reference = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::([^}]*))?\}|\$\{/g;

/**
 * Puts environment variables into `${NAME}` and `${NAME:default}`; `$${` stands for a plain `${`.
 * An empty variable counts as not set. What is put in is not looked at again, so a value cannot refer to another variable.
 */
export function interpolate(text: string, env: Environment): Interpolated {
  const problems: Problem[] = [];
  let replaced = false;
  const result = text.replace(reference, (match: string, name: string | undefined, fallback: string | undefined) => {
    if (match === '$${') return '${';
    if (name === undefined) problems.push(malformed);
    replaced = true;
    const value = (name === undefined ? '' : env[name]) || fallback;
    if (value === undefined) problems.push(unset(name ?? ''));
    return value ?? '';
  });
  const problem = problems[0];
  return problem ? { problem } : { text: result, replaced };
}

const malformed: Problem = {
  message: 'has a ${ that begins no variable',
  remedy: 'Write ${NAME} or ${NAME:default}, or $${ for a plain ${.',
};

function unset(name: string): Problem {
  return {
    message: `needs the environment variable ${name}, which is not set`,
    remedy: `Set ${name}, or give a default: \${${name}:default}.`,
  };
}
