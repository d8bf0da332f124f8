import { settings } from '../src/config/settings.js';
import type { Form } from './dataset.js';

/** What does the work: `ours` is the built command line, the others are in `subject/`. */
export type SubjectName = 'raw' | 'split' | 'naive' | 'helper' | 'ours' | 'ours-2' | 'prebuilt';

/** One thing to be measured: who, from which files, and how it sends. */
export interface Case {
  /** `subject/form/wire`, such as `ours/jsonl/plain`. */
  readonly name: string;
  readonly subject: SubjectName;
  readonly form: Form;
  readonly wire: Wire;
}

export type Wire = 'plain' | 'gzip';

/** Whether the connector can use more than one processor. */
export const hasWorkers = 'workers' in settings;

const forms: readonly Form[] = ['jsonl', 'gz'];
const wires: readonly Wire[] = ['plain', 'gzip'];

/** Every case, in the order of a round. */
export const cases: readonly Case[] = [
  ...wires.map((wire) => makeCase('prebuilt', 'jsonl', wire)),
  ...combined('raw'),
  ...wires.map((wire) => makeCase('split', 'jsonl', wire)),
  ...combined('naive'),
  ...wires.map((wire) => makeCase('helper', 'jsonl', wire)),
  ...combined('ours'),
  ...(hasWorkers ? combined('ours-2') : []),
];

/** The cases that one of the names begins: `ours` means all of its cases, `ours/gz` those from gzipped files. */
export function chosen(names: readonly string[]): readonly Case[] {
  const found = cases.filter(({ name }) => names.some((chosen) => name === chosen || name.startsWith(`${chosen}/`)));
  for (const name of names)
    if (!found.some((one) => one.name.startsWith(name))) throw new Error(`--only: nothing is called ${name}`);
  return found;
}

function combined(subject: SubjectName): Case[] {
  return forms.flatMap((form) => wires.map((wire) => makeCase(subject, form, wire)));
}

function makeCase(subject: SubjectName, form: Form, wire: Wire): Case {
  return { name: `${subject}/${form}/${wire}`, subject, form, wire };
}
