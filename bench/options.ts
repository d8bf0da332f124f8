import { parseArgs } from 'node:util';
import { cases, chosen, type Case } from './cases.js';

export interface Options {
  readonly events: number;
  readonly rounds: number;
  readonly cases: readonly Case[];
  /** What is measured in one process, beside the cases. */
  readonly parts: readonly Part[];
  readonly json: boolean;
  /** Compare with, or write, what `floor.json` records. */
  readonly floor: 'check' | 'record' | undefined;
}

type Part = 'stages' | 'formats';

const isPart = (name: string): name is Part => name === 'stages' || name === 'formats';
const full = {
  events: 200_000,
  rounds: 5,
  only: [...new Set(cases.map(({ subject }) => subject)), 'stages', 'formats'],
};
const quick = { events: 100_000, rounds: 3, only: ['raw/jsonl/plain', 'ours/jsonl/plain'] };

/**
 * `--events N --rounds N --only a,b --json`; `--quick`: a short run of what `--check` compares with the floor, and `--record`
 * writes. Names for `--only` are subjects, cases as the table names them, and `stages` and `formats`.
 */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ events: { type: 'string' }, rounds: { type: 'string' }, only: { type: 'string' } },
      ...{ quick: { type: 'boolean' }, check: { type: 'boolean' }, record: { type: 'boolean' } },
      json: { type: 'boolean', default: false },
    },
  });
  const usual = values.quick === true ? quick : full;
  const only = values.only?.split(',') ?? usual.only;
  return {
    events: Number(values.events ?? usual.events),
    rounds: Number(values.rounds ?? usual.rounds),
    cases: chosen(only.filter((name) => !isPart(name))),
    parts: only.filter(isPart),
    json: values.json,
    floor: values.record === true ? 'record' : values.check === true ? 'check' : undefined,
  };
}
