import { lookUp, typeText } from '../../src/config/lookup.js';
import { inputKinds } from '../../src/config/inputs.js';
import { defaultFile, environmentName, environmentOnly, inputList, settingList } from '../../src/config/settings.js';
import type { Setting } from '../../src/config/shape.js';

/** `docs/config.md`: where settings come from, and every setting. */
export function configPage(): { path: string; content: string }[] {
  const single = [...settingList].map(([path, setting]) => section(path, setting, environmentName(path)));
  const inputs = Object.entries(inputKinds).map(([type, kind]) => {
    const entries = [...(inputList.get(type) ?? [])].map(([name, setting]) =>
      section(`inputs.N.${name}`, setting, environmentName(`inputs.N.${name}`)),
    );
    return [`### Inputs of type ${type}\n\n${kind.description}\n`, ...entries].join('\n');
  });
  const variables = [...environmentOnly].map(([name, text]) => `- \`${name}\`: ${text}`);
  const content = [
    head,
    variables.join('\n'),
    '',
    '## Settings\n',
    ...single,
    '## Inputs\n',
    inputsHead,
    ...inputs,
  ].join('\n');
  return [{ path: 'docs/config.md', content }];
}

function section(path: string, setting: Setting, variable: string): string {
  const value = setting.default === undefined ? (setting.required ? 'required' : 'none') : code(setting.default);
  const facts = [
    `- Value: ${typeText(setting)}${setting.unit === undefined ? '' : `, in ${setting.unit}`}`,
    `- Default: ${value}`,
    `- Example: ${code(setting.example)}`,
    `- Environment: \`${variable}\``,
  ];
  if (setting.secret)
    facts.push(`- Secret: not by \`--set\`; also as a file, \`${path}_file\` or \`${variable}_FILE\``);
  return `### ${path}\n\n${setting.description}\n\n${facts.join('\n')}\n`;
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

const inputsHead = '`N` is the place of the entry in the list, from 0.\n';

if (lookUp('output.api_key_file') === undefined) throw new Error('secrets have lost their file form');

const head = `# Configuration

Generated from the list of settings in \`src/config/settings.ts\` by \`npm run generate\`. \`cloudconnexa-ecs config example\`
prints the same as a file to start from, \`cloudconnexa-ecs config show\` the values in force with their origin, and
\`cloudconnexa-ecs test config\` checks them.

## Where values come from

From the highest to the lowest: \`--set path=value\`, environment variables, the file, defaults. The file is
\`${defaultFile}\` in the working directory where there is one, or the one named by \`--config\`. Relative paths start at
the working directory. An unknown setting, also in the environment, is an error; all faults are listed at once.

- In the file, \`\${NAME}\` stands for an environment variable and \`\${NAME:default}\` gives it a default; \`$\${\` stands for a
  plain \`\${\`. Variables are put in after the YAML is read, so their content cannot add settings. A variable that is not
  set, or empty, and has no default is an error.
- Environment variables are the path in capitals with \`CLOUDCONNEXA_ECS_\` before it and underscores for dots. An empty one
  counts as not set.
- Lists of texts in \`--set\` and in the environment are written \`a,b\`, or \`["a,b", "c"]\` where an entry has a comma.
- Inputs are set one value at a time, \`--set inputs.0.type=file --set 'inputs.0.paths=logs/*.gz'\`, which changes or adds
  to the file's entries, or all at once as YAML, \`--set 'inputs=[{type: file, paths: [logs/*.gz]}]'\`, which replaces them.
- Secrets are refused in \`--set\`, because arguments are visible to every user of the machine. Each secret can be given as
  a file instead (\`api_key_file\`), whose line end is dropped; giving both is an error. A secret in either form takes the
  place of the other form in a lower layer.
- Credentials are sent over plain http only to this machine, unless \`output.allow_insecure_auth\` is true.

Environment variables that are not settings:
`;
