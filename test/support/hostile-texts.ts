import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../hostile/texts/', import.meta.url);

interface HostileText {
  /** What the text is, for a person. */
  readonly attack: string;
  readonly text: string;
}

function read(file: string): [attack: string, text: string] {
  const { attack, text } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as HostileText;
  return [attack, text];
}

/**
 * Names as an attacker would choose them, by what they are after: of devices, users, objects, files, in answers of servers.
 * One file each in `test/hostile/texts/`.
 */
export const hostileTexts: Readonly<Record<string, string>> = Object.fromEntries(readdirSync(FOLDER).sort().map(read));

/** Those that can be the name of a file, and come back from the file system as they were. */
export const fileNames: readonly string[] = Object.values(hostileTexts).filter(
  (text) => !/[\0/]/.test(text) && text.isWellFormed(),
);

/** What no line on a terminal may hold. */
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
