import { createConnector } from '../connector.js';
import { printableJson } from '../printable.js';
import { openRejectStore } from '../reject.js';
import { tellRejectLoss } from '../reject-loss.js';
import { damageReport, tellDamage } from '../reject/damage.js';
import type { CommandContext } from './context.js';
import { rejectText } from './reject-text.js';

/** Prints what is in the reject store, oldest first: for people, or with `json` one record a line. @returns 0 */
export async function rejectListCommand(
  { json }: { readonly json: boolean },
  context: CommandContext,
): Promise<number> {
  const { data_dir: dataDir } = await context.loadConfig({ output: false });
  const store = await openRejectStore(dataDir);
  const damage = damageReport();
  let count = 0;
  for await (const record of store.read((place) => damage.add(place))) {
    count += 1;
    context.stdout.write(json ? `${printableJson(JSON.stringify(record))}\n` : rejectText(record));
  }
  tellDamage(context.log, damage);
  await tellRejectLoss(dataDir, context.log);
  const aside = await store.damagedFile();
  if (aside !== undefined) context.log.warn({ path: aside }, 'there are damaged lines that were set aside');
  await store.close();
  if (!json) context.stdout.write(summary(count, dataDir));
  return 0;
}

/**
 * Ships the events of the reject store again. What is stored then leaves the store.
 * @returns 0 when the store is empty afterwards, otherwise 3
 */
export async function rejectReplayCommand(context: CommandContext): Promise<number> {
  const config = await context.loadConfig();
  const { log, signal, stdout } = context;
  const connector = createConnector(config, { log });
  const { stored, refused, unreadable, damaged } = await connector.replay(signal, (id, reason) =>
    log.warn({ id, reason }, 'Refused again'),
  );
  const lines = damaged === 0 ? '' : `, ${damaged} damaged lines (reject list shows where)`;
  stdout.write(`${stored} stored, ${refused} refused again, ${unreadable} not readable as events${lines}\n`);
  return refused + unreadable + damaged === 0 && !signal.aborted ? 0 : 3;
}

function summary(count: number, dataDir: string): string {
  if (count === 0) return `No rejected events in ${dataDir}.\n`;
  return `${count} rejected. Mend the cause, then run: cloudconnexa-ecs reject replay (or reject drop)\n`;
}
