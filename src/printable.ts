/**
 * Text from outside (an event, an object's key, a server's answer) as it may be printed. A terminal obeys control
 * characters: they clear the screen, set its title, write to the clipboard. Format characters turn the order of text
 * around or hide in it, and a newline begins what looks like a line of ours.
 */

/** Control and format characters, line and paragraph separators, halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Those of them that JSON text may hold unescaped. */
const BEYOND_JSON = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Shows the characters that must not reach a terminal as JSON does, `\u001b`; newlines and tabs stay. JSON text stays the
 * same JSON, and what is shown of other text cannot be mistaken for its layout.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );
}

/** As {@link printable}, on one line. */
export function oneLine(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** The same for a line that JSON.stringify made, or that has our own colours around JSON: escapes of its own stay. */
export function printableJson(line: string): string {
  return line.replace(BEYOND_JSON, escaped);
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  return SHORT[character] ?? character.split('').map(unit).join('');
}

/** A character beyond U+FFFF has two units. */
function unit(half: string): string {
  return `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
