import type { DecodedEvent, JsonObject, Position } from '../record.js';
import type { Window } from './window.js';

/**
 * The event whose bytes begin at `start` and go up to `end`, as offsets in the stream; undefined when they are not JSON.
 *
 * @param latin1 the same bytes as a text, if known: spares a copy
 */
export function parsedEvent(window: Window, start: number, end: Position, latin1?: string): DecodedEvent | undefined {
  const { text, ascii, raw } = window.text(start, end.offset, latin1);
  let value: JsonObject;
  try {
    value = JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
  const { bytes: buffer, base } = window;
  const event = {
    kind: 'event',
    text,
    ascii,
    value,
    buffer,
    from: start - base,
    to: end.offset - base,
    start,
    end,
  } as const;
  return raw === undefined ? event : { ...event, rawText: raw };
}
