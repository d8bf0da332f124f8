import { parseArgs } from 'node:util';
import { engineCatalog } from '../../src/engine/index.js';
import type { ChaosOptions } from './run.js';
import { isShape, killsOf, rateOf, shapes } from './shapes.js';

/** What the command line asks for. */
export interface Wanted extends Omit<ChaosOptions, 'namespace' | 'tell' | 'signal'> {
  readonly engine: string;
  readonly markdown: boolean;
}

/** Reads the options of `npm run chaos`. Throws a RangeError for a value that would make a run endless, empty or another one. */
export function readOptions(args: readonly string[]): Wanted {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '2' },
      engine: { type: 'string', default: engineCatalog[0]?.id ?? '' },
      shape: { type: 'string', default: 'all' },
      kills: { type: 'string' },
      rate: { type: 'string' },
      baseline: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
    },
  });
  const { engine, shape, baseline, markdown } = values;
  if (!isShape(shape)) throw new RangeError(`There is no shape '${shape}': ${Object.keys(shapes).join(', ')}`);
  const minutes = number('minutes', values.minutes, 'above 0', (value) => value > 0);
  return {
    ...{ engine, shape, baseline, markdown, minutes },
    seed: number('seed', values.seed, 'a whole one', Number.isInteger),
    eventsPerSecond:
      values.rate === undefined ? rateOf(shape) : number('rate', values.rate, 'above 0', (value) => value > 0),
    kills:
      values.kills === undefined
        ? killsOf(shape, minutes)
        : number('kills', values.kills, 'a whole one from 1 on', (value) => Number.isInteger(value) && value > 0),
  };
}

function number(name: string, text: string, must: string, isRight: (value: number) => boolean): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value) || !isRight(value))
    throw new RangeError(`--${name} ${text}: it must be a number, ${must}`);
  return value;
}
