import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/program.js';

/** `docs/cli.md`: the help of every command. */
export function cliPage(): { path: string; content: string }[] {
  const program = buildProgram(() => Promise.resolve());
  return [{ path: 'docs/cli.md', content: [head, ...sections(program, '')].join('\n') }];
}

function sections(command: Command, before: string): string[] {
  const name = `${before}${command.name()}`;
  const inner = command.commands.flatMap((one) => sections(one, `${name} `));
  return [`## ${name}\n\n\`\`\`text\n${help(command)}\`\`\`\n`, ...inner];
}

/** The help as the command prints it, the examples after it included, in a fixed width. */
function help(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => (text += part),
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text;
}

const head = `# Command line

Generated from \`src/cli/program.ts\` by \`npm run generate\`.

Data goes to stdout, everything for people to stderr; logs are JSON lines where stderr is not a terminal. The options of
\`cloudconnexa-ecs\` itself may stand before or after the command. Exit codes: [errors.md](errors.md).
`;
