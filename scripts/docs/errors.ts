import { errorKinds, type ErrorKind } from '../../src/errors.js';

/** `docs/errors.md`: every error code with its meaning, remedy and exit code. */
export function errorsPage(): { path: string; content: string }[] {
  const kinds: [string, ErrorKind][] = Object.entries(errorKinds);
  const rows = kinds.map(
    ([code, kind]) => `## ${code}\n\n${kind.meaning}\n\n- What to do: ${kind.remedy}\n- Exit code: ${kind.exit}\n`,
  );
  return [{ path: 'docs/errors.md', content: [head, ...rows].join('\n') }];
}

const head = `# Errors

Generated from \`src/errors.ts\` by \`npm run generate\`.

A failure that ends a command is printed on stderr as \`error CODE: message\`, with \`at:\` the place at fault where there
is one and \`fix:\` what to do about it. Codes are stable; messages may change.

Exit codes: 0 done, 1 failed, 2 wrong use or configuration, 3 done with rejected events, 130 and 143 stopped by SIGINT
and SIGTERM after finishing what was under way. A second signal ends the process at once.
`;
