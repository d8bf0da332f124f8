import { ConnectorError } from '../errors.js';
import type { RejectRecord } from '../record.js';
import { openRejectStore, type RejectStore } from '../reject.js';
import { tellRejectLoss } from '../reject-loss.js';
import { reclaim } from '../reclaim.js';
import type { CommandContext } from './context.js';
import { rejectText } from './reject-text.js';

/** Which records to drop: those with one of the ids, or with one of the reasons; or all. */
export interface DropOptions {
  /** Whole ids, or their first digits as `reject list` shows them. */
  readonly ids: readonly string[];
  readonly reasons: readonly string[];
  readonly all: boolean;
}

/** Fewer digits may be those of a record that nobody meant. */
const ID_DIGITS = 8;
/** So many ids stand in one line that takes records out. */
const AT_ONCE = 1000;

/**
 * Takes records out of the reject store for good and prints each. Also while a connector runs.
 * @returns 0, or 1 when there is no record for one of the ids or reasons
 * @throws ConnectorError CCX_USAGE when nothing is chosen; CCX_REJECT_VERSION, CCX_REJECT_WRITE, CCX_DATA_DIR_UNUSABLE
 */
export async function rejectDropCommand(options: DropOptions, context: CommandContext): Promise<number> {
  const choose = chooser(options);
  const { data_dir: dataDir } = await context.loadConfig({ output: false });
  const { log, stdout } = context;
  const store = await openRejectStore(dataDir, { log });
  await tellRejectLoss(dataDir, log);
  const met = new Set<string>();
  const count = await drop(store, (record) => {
    const why = choose(record);
    for (const word of why ?? []) met.add(word);
    if (why !== undefined) stdout.write(rejectText(record));
    return why !== undefined;
  });
  if (count > 0) await reclaim(dataDir, store, log);
  await store.close();
  stdout.write(`${count} dropped.\n`);
  const unmet = [...options.ids, ...options.reasons].filter((word) => !met.has(word));
  for (const word of unmet) context.stderr.write(`No record has ${word}.\n`);
  return unmet.length === 0 ? 0 : 1;
}

/** @returns the ids and reasons that choose a record; undefined when none does. */
function chooser({ ids, reasons, all }: DropOptions): (record: RejectRecord) => string[] | undefined {
  if (!all && ids.length === 0 && reasons.length === 0)
    throw new ConnectorError('CCX_USAGE', 'say what to drop: ids, --reason or --all');
  const short = ids.find((id) => id.length < ID_DIGITS);
  if (short !== undefined)
    throw new ConnectorError('CCX_USAGE', `give ${ID_DIGITS} digits of an id, not only ${short}`);
  return ({ id, reason }) => {
    const why = [...ids.filter((start) => id.startsWith(start)), ...reasons.filter((word) => word === reason)];
    return all || why.length > 0 ? why : undefined;
  };
}

async function drop(store: RejectStore, isChosen: (record: RejectRecord) => boolean): Promise<number> {
  let count = 0;
  const due: string[] = [];
  for await (const record of store.read()) {
    if (!isChosen(record)) continue;
    count += 1;
    due.push(record.id);
    if (due.length === AT_ONCE) await store.remove(due.splice(0));
  }
  await store.remove(due);
  return count;
}
