import type { DecodedEvent, JsonObject } from '../record.js';
import { literalText, TooDeep, type Canonical } from './canonical.js';
import { quoteInexactNumbers } from './exact.js';
import type { KeyShape } from './key-shapes.js';

/** The shapes of an event's two levels; `log` when it has one. */
export interface Shapes {
  readonly header: KeyShape;
  readonly log: KeyShape | undefined;
}

/** The value to map, and the text that the event's id is made from. */
export interface Identity {
  readonly value: JsonObject;
  readonly canonical: string;
}

const NONE: readonly string[] = [];

/**
 * Finds the canonical text of an event. The value differs from what was parsed only when it has numbers that JavaScript
 * can't hold: those become text, digit by digit.
 *
 * @param plain the event's text has no backslash
 */
export function identify(
  canonical: Canonical,
  { text, value, rawText }: Pick<DecodedEvent, 'text' | 'value' | 'rawText'>,
  { header, log }: Shapes,
  plain: boolean,
): Identity {
  // Marked, because a character of another event's text may be what a broken byte is as latin1.
  if (rawText !== undefined) return { value, canonical: `!${literalText(rawText)}` };
  if (plain && header.inOrder && (log === undefined || log.inOrder) && canonical.is(value, text)) {
    return { value, canonical: text };
  }
  const exactness = { inexact: false };
  try {
    const unplaced = { header: header.unplaced, log: log?.unplaced ?? NONE };
    const written = canonical.of(value, unplaced, plain, exactness);
    if (!exactness.inexact) return { value, canonical: written };
    const quoted = quoteInexactNumbers(text);
    if (quoted === text) return { value, canonical: written };
    return { value: JSON.parse(quoted) as JsonObject, canonical: literalText(text) };
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    return { value, canonical: literalText(text) };
  }
}
