import { parse } from 'yaml';
import { typeText } from './lookup.js';
import type { Setting } from './shape.js';
import type { Problem } from './formats.js';

export type Parsed = { readonly value: unknown } | { readonly problem: Problem };

/**
 * Reads a text from the environment, from `--set` or from a `${…}` in the file as the setting's type wants it.
 * Lists of texts are written with commas (`a,b`) or as a YAML list (`["a,b"]`), inputs as a YAML list.
 */
export function parseText(setting: Setting, text: string): Parsed {
  switch (setting.type) {
    case 'string':
      return { value: text };
    case 'boolean':
      return /^(?:true|false)$/.test(text) ? { value: text === 'true' } : misfit(setting);
    case 'integer':
    case 'number':
      return /^-?\d+(?:\.\d+)?$/.test(text.trim()) ? { value: Number(text) } : misfit(setting);
    case 'strings':
      if (text.trim().startsWith('[')) return parseYaml(setting, text);
      return { value: text.split(',').map((part) => part.trim()) };
    case 'inputs':
      return parseYaml(setting, text);
  }
}

function parseYaml(setting: Setting, text: string): Parsed {
  try {
    return { value: parse(text, { logLevel: 'error', prettyErrors: false }) };
  } catch {
    return misfit(setting, 'Write it as a YAML list, like [{type: file, paths: [/logs/*.gz]}] or ["a", "b"].');
  }
}

function misfit(setting: Setting, remedy = 'Correct the text.'): Parsed {
  return { problem: { message: `must be ${typeText(setting)}`, remedy } };
}
