import { parseArgs } from 'node:util';
import { engineSpec, type EngineId } from '../src/engine/index.js';
import { cases, chosen, type Case } from './cases.js';

export interface Options {
  readonly events: number;
  readonly rounds: number;
  readonly cases: readonly Case[];
  /** What is measured beside the cases. */
  readonly parts: readonly Part[];
  /** The real engine that `engine` and `searches` are measured with. */
  readonly engine: EngineId;
  /** How many events are searched. */
  readonly searched: number;
  readonly json: boolean;
  /** Compare with, or write, what `floor.json` records. */
  readonly floor: 'check' | 'record' | undefined;
}

const partNames = ['stages', 'formats', 'engine', 'searches'] as const;
type Part = (typeof partNames)[number];

const isPart = (name: string): name is Part => partNames.some((part) => part === name);
const full = {
  events: 200_000,
  rounds: 5,
  only: [...new Set(cases.map(({ subject }) => subject)), 'stages', 'formats', 'engine'],
};
const quick = { events: 100_000, rounds: 3, only: ['raw/jsonl/plain', 'ours/jsonl/plain'] };

/**
 * `--events N --rounds N --only a,b --engine ID --searched N --json`; `--quick`: a short run of what `--check` compares with the floor, and `--record`
 * writes. Names for `--only` are subjects, cases as the table names them, `stages`, `formats`, `engine` and `searches`.
 */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ events: { type: 'string' }, rounds: { type: 'string' }, only: { type: 'string' } },
      ...{ quick: { type: 'boolean' }, check: { type: 'boolean' }, record: { type: 'boolean' } },
      engine: { type: 'string', default: 'opensearch-3' },
      searched: { type: 'string', default: '5000000' },
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
    engine: engineSpec(values.engine).id,
    searched: Number(values.searched),
    json: values.json,
    floor: values.record === true ? 'record' : values.check === true ? 'check' : undefined,
  };
}
