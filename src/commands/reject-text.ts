import { oneLine } from '../printable.js';
import type { RejectRecord } from '../record.js';

/** How much of an event's text a person is shown. */
const SHOWN_CHARS = 200;

/** A rejected piece for people: when, why and where, with the begin of its text. */
export function rejectText({ id, time, reason, detail, origin, position, event, length }: RejectRecord): string {
  const where =
    origin.path ?? (origin.bucket === undefined ? origin.input : `s3://${origin.bucket}/${origin.key ?? ''}`);
  const text = event === undefined ? `${length} bytes that are not text` : event.slice(0, SHOWN_CHARS);
  const head = `${time}  ${reason}  ${where} at byte ${position}  (${id.slice(0, 12)})`;
  return [head, `  ${detail}`, `  ${text}`, '', ''].map(oneLine).join('\n');
}
