import { createConnector } from '../connector.js';
import type { RejectRecord } from '../record.js';
import { openRejectStore } from '../reject.js';
import type { CommandContext } from './context.js';

/** How much of an event's text a person is shown. */
const SHOWN_CHARS = 200;

/** Prints what is in the reject store, oldest first: for people, or with `json` one record a line. @returns 0 */
export async function rejectListCommand(
  { json }: { readonly json: boolean },
  context: CommandContext,
): Promise<number> {
  const { data_dir: dataDir } = await context.loadConfig({ output: false });
  const store = await openRejectStore(dataDir);
  let count = 0;
  for await (const record of store.read()) {
    count += 1;
    context.stdout.write(json ? `${JSON.stringify(record)}\n` : forPeople(record));
  }
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
  const { stored, refused, unreadable } = await connector.replay(signal, (id, reason) =>
    log.warn({ id, reason }, 'Refused again'),
  );
  stdout.write(`${stored} stored, ${refused} refused again, ${unreadable} not readable as events\n`);
  return refused + unreadable === 0 && !signal.aborted ? 0 : 3;
}

function forPeople({ id, time, reason, detail, origin, position, event, length }: RejectRecord): string {
  const where =
    origin.path ?? (origin.bucket === undefined ? origin.input : `s3://${origin.bucket}/${origin.key ?? ''}`);
  const text = event === undefined ? `${length} bytes that are not text` : event.slice(0, SHOWN_CHARS);
  return `${time}  ${reason}  ${where} at byte ${position}  (${id.slice(0, 12)})\n  ${detail}\n  ${text}\n\n`;
}

function summary(count: number, dataDir: string): string {
  if (count === 0) return `No rejected events in ${dataDir}.\n`;
  return `${count} rejected. Mend the cause, then run: cloudconnexa-ecs reject replay\n`;
}
