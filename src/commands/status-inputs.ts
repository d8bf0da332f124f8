import { readCheckpoint } from '../checkpoint.js';
import type { Config } from '../config.js';
import { accountOf, inputName, type InputAccount } from '../input-account.js';

/** One input as `status` shows it. The account is null where no run with this data_dir knew the input. */
export interface InputStatus {
  readonly input: string;
  readonly account: InputAccount | null;
}

/**
 * How far each input is, from the checkpoint of `data_dir`; a connector that runs writes it within seconds.
 * @throws ConnectorError CCX_CHECKPOINT_VERSION, CCX_CHECKPOINT_CORRUPT
 */
export async function inputStatus({ data_dir, inputs }: Pick<Config, 'data_dir' | 'inputs'>): Promise<InputStatus[]> {
  const entries = await readCheckpoint(data_dir);
  return inputs.map((input) => ({ input: inputName(input), account: accountOf(input, entries) ?? null }));
}

/** Whether an input was failing when last heard of. */
export function isFailing({ account }: InputStatus): boolean {
  return (account?.fault ?? null) !== null;
}

export function inputLines(inputs: readonly InputStatus[]): string[] {
  return inputs.flatMap(({ input, account }) => {
    if (account === null) return [`  ${'not run'.padEnd(9)} ${input}`];
    const { finished, bytes, last_progress, fault } = account;
    const done = `${finished} read, ${size(bytes)}, last progress ${last_progress ?? 'never'}`;
    const state = fault === null ? 'ok' : 'failing';
    const why =
      fault === null ? [] : [`            since ${fault.since}: ${fault.code} ${fault.place ?? ''}: ${fault.message}`];
    return [`  ${state.padEnd(9)} ${input}: ${done}`, ...why];
  });
}

function size(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power] ?? ''}`;
}
