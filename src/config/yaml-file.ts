import { readFileSync } from 'node:fs';
import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { Fault } from './fault.js';
import { isTree, type Tree } from './tree.js';

export interface ConfigFile {
  readonly tree: Tree;
  /** `cloudconnexa-ecs.yml:12` for the setting at a path, or the file alone. */
  readonly originOf: (path: string) => string;
  readonly faults: readonly Fault[];
}

/** Reads a YAML file. @param optional a missing file then is an empty one. */
export function readConfigFile(file: string, optional: boolean): ConfigFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (optional && isMissing(error)) return empty(file, []);
    const message = isMissing(error) ? 'does not exist' : 'cannot be read';
    return empty(file, [{ path: file, message, remedy: 'Give the path of a configuration file to --config.' }]);
  }
  return parseConfig(text, file);
}

/** Parses YAML. Messages of the parser quote the text around a fault, so only their codes are used: it may be a secret. */
export function parseConfig(text: string, file: string): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  const faults = document.errors.map((error) => ({
    path: `${file}:${lines.linePos(error.pos[0]).line}`,
    message: `is not valid YAML${yamlReasons[error.code] ?? ''}`,
    remedy: 'Correct the line; values with special characters need quotes.',
  }));
  if (faults.length > 0) return empty(file, faults);
  return convert(document, file, lines);
}

function convert(document: Document.Parsed, file: string, lines: LineCounter): ConfigFile {
  let value: unknown;
  try {
    value = document.toJS() ?? {};
  } catch {
    return empty(file, [
      { path: file, message: 'refers to unknown or too many aliases', remedy: 'Write the values out.' },
    ]);
  }
  if (!isTree(value)) {
    return empty(file, [
      { path: file, message: 'holds no settings', remedy: 'Begin with a line like output: and go on from there.' },
    ]);
  }
  return { tree: value, originOf: (path) => origin(document, file, lines, path), faults: [] };
}

function origin(document: Document.Parsed, file: string, lines: LineCounter, path: string): string {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const key of path.split('.')) {
    const item = isMap(node)
      ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key)
      : isSeq(node)
        ? node.items[Number(key)]
        : undefined;
    if (item === undefined) break;
    offset = startOf(isPair(item) ? item.key : item) ?? offset;
    node = isPair(item) ? item.value : item;
  }
  return offset === undefined ? file : `${file}:${lines.linePos(offset).line}`;
}

function startOf(node: unknown): number | undefined {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
    ? Number(node.range[0])
    : undefined;
}

function empty(file: string, faults: readonly Fault[]): ConfigFile {
  return { tree: {}, originOf: () => file, faults };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

const yamlReasons: Readonly<Partial<Record<string, string>>> = {
  DUPLICATE_KEY: ': the same name is given twice',
  TAB_AS_INDENT: ': it is indented with tabs',
  BAD_INDENT: ': its indentation does not fit',
  BLOCK_AS_IMPLICIT_KEY: ': there are two colons, or a value over several lines',
  MULTIPLE_DOCS: ': it holds more than one document',
  MISSING_CHAR: ': a quote, bracket or colon is missing',
};
