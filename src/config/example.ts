import { typeText } from './lookup.js';
import { inputKinds } from './inputs.js';
import { environmentName, inputList, settingList } from './settings.js';
import type { Setting } from './shape.js';

const head = `# Configuration of cloudconnexa-ecs. Every setting is here; values that are not commented out are the defaults.
#
# \${NAME} and \${NAME:default} in a value stand for what the keystore or else the environment has by that name, $\${ for a plain \${.
# Each setting can also come from the environment variable named with it, or from --set output.gzip=false;
# --set goes over the environment, the environment over this file. Relative paths start at the working directory.
`;

/** The annotated reference configuration: YAML that loads as it is. */
export function exampleYaml(): string {
  const lines: string[] = [head];
  let open: string[] = [];
  for (const [path, setting] of settingList) {
    const keys = path.split('.');
    const name = keys.pop() ?? '';
    const known = keys.findIndex((key, depth) => open[depth] !== key);
    const fresh = known < 0 ? keys.length : known;
    for (const [depth, key] of keys.entries()) if (depth >= fresh) lines.push(`${indent(depth)}${key}:`);
    open = keys;
    lines.push(path === 'inputs' ? inputsYaml(setting) : settingYaml(path, name, setting, keys.length));
  }
  return lines.join('\n');
}

function settingYaml(path: string, name: string, setting: Setting, depth: number): string {
  const notes = [setting.description, `${sentence(setting)} ${environmentName(path)}`];
  if (setting.secret) notes.push(`Or ${name}_file: path of a file that holds it.`);
  const value = `${name}: ${JSON.stringify(setting.default ?? setting.example)}`;
  const lines = [...notes.flatMap(comment), setting.default === undefined ? `# ${value}` : value];
  return `${lines.map((line) => indent(depth) + line).join('\n')}\n`;
}

function inputsYaml(setting: Setting): string {
  const kinds = Object.entries(inputKinds).map(([type, kind], i) => {
    const entries = [...(inputList.get(type) ?? [])].flatMap(([name, entry]) => entryYaml(name, entry));
    const body = [`- type: ${type}`, ...entries.map((line) => `  ${line}`)];
    // Only the first kind is in force; the others show what could be added.
    return [...comment(kind.description), ...(i === 0 ? body : body.map((line) => `# ${line}`))];
  });
  const notes = comment(
    `${setting.description} In the environment: ${environmentName('inputs.0.type')}, ${environmentName('inputs.0.paths')}, ….`,
  );
  return `${[...notes, 'inputs:', ...kinds.flat().map((line) => `  ${line}`)].join('\n')}\n`;
}

function entryYaml(name: string, entry: Setting): string[] {
  const file = entry.secret ? ` Or ${name}_file: path of a file that holds it.` : '';
  const value = `${name}: ${JSON.stringify(entry.default ?? entry.example)}`;
  // What has no default is left to whoever needs it, also when the whole entry is uncommented.
  const given = entry.default !== undefined || entry.required === true;
  return [...comment(`${entry.description} ${sentence(entry)}${file}`), given ? value : `# ${value}`];
}

/** `A whole number from 1 to 64, in requests.` */
function sentence(setting: Setting): string {
  const text = typeText(setting);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${setting.unit === undefined ? '' : `, in ${setting.unit}`}.`;
}

/** Comment lines of at most about 100 characters. */
function comment(text: string): string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(' ')) {
    if (line.length + word.length > 100) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

function indent(depth: number): string {
  return '  '.repeat(depth);
}
