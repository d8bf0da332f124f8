import { printableJson } from '../../printable.js';

/** Text from outside as a log line may have it: in quotation marks, cut, and with what would spoil a terminal escaped. */
export function shown(text: string, longest = 200): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return printableJson(JSON.stringify(cut.toWellFormed()));
}
