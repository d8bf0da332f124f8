/** Takes secrets out of texts, in whatever form whoever repeats them has put them. */

const hidden = '***';
/** Beginnings of secrets shorter than this are words that occur by chance. */
const shortestRest = 5;
const shortestBase64 = 8;
/** Of longer secrets without blanks the beginning is enough to know them by; the rest goes with it. */
const longestPattern = 128;

const learned = new Map<string, readonly string[]>();
let revision = 0;

/**
 * Makes secrets known that no setting has, such as those that AWS hands out for an hour: they replace the ones that the same
 * source gave before.
 */
export function learnSecrets(source: string, secrets: readonly string[]): void {
  if (String(learned.get(source)) === String(secrets)) return;
  learned.set(source, secrets);
  revision += 1;
}

/** The secrets of this process. */
export class Secrets {
  readonly #texts = new Set<string>();
  #compiled:
    { readonly pattern: RegExp | undefined; readonly texts: readonly string[]; readonly of: string } | undefined;

  /** Hides a secret: plain, escaped as in JSON, URLs, HTML or shells, in base64 or hex; and what base64 in it says. */
  add(secret: string): void {
    for (const text of partsOf(secret)) this.#texts.add(text);
  }

  /** Hides the password, and both together as the header of basic authentication carries them. */
  addBasic(username: string, password: string): void {
    this.add(password);
    this.#texts.add(`${username}:${password}`);
  }

  /** The text with `***` in the place of every secret, of its beginning where the text was cut, and of what only looks like one. */
  redact(text: string): string {
    const { pattern, texts } = this.#compile();
    const whole = pattern === undefined ? text : text.replace(pattern, hidden);
    return hideSuspects(hideCut(whole, texts));
  }

  #compile() {
    const of = `${this.#texts.size} ${revision}`;
    if (this.#compiled?.of === of) return this.#compiled;
    const all = new Set([...this.#texts, ...[...learned.values()].flat().flatMap(partsOf)]);
    // The longest first, so that no rest of one stays.
    const texts = [...all].sort((a, b) => b.length - a.length);
    const patterns = texts.flatMap(patternsOf).sort((a, b) => b.length - a.length);
    const pattern = patterns.length === 0 ? undefined : new RegExp(patterns.map((one) => one.source).join('|'), 'gi');
    return (this.#compiled = { pattern, texts, of });
  }
}

/** The secret; what it says where it is base64 of a text, as API keys are; and the key behind its id. */
function partsOf(secret: string): string[] {
  if (secret === '') return [];
  const said = /^[\w+/-]{12,}={0,2}$/.test(secret) ? Buffer.from(secret, 'base64').toString() : '';
  const readable = /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(said) ? [said] : [];
  const keys = [secret, ...readable].flatMap((text) => /^[\w-]{3,}:([\w-]{8,})$/.exec(text)?.[1] ?? []);
  return [secret, ...readable, ...keys];
}

interface Pattern {
  readonly source: string;
  /** Of what is matched at least. */
  readonly length: number;
}

function patternsOf(text: string): Pattern[] {
  const bytes = Buffer.from(text);
  const encoded = [0, 1, 2].map((offset) => base64At(bytes, offset)).filter((one) => one.length >= shortestBase64);
  const short = bytes.toString('base64').replace(/=+$/, '');
  const base64 = encoded.length === 0 ? [short] : encoded;
  const hex = bytes.length * 2 < shortestBase64 ? [] : [bytes.toString('hex')];
  return [
    { source: lenient(text), length: text.length },
    ...base64.map((one) => ({ source: `${lenientBase64(one)}[\\w+/]?(?:=|%3D){0,2}`, length: one.length })),
    ...hex.map((one) => ({ source: one, length: one.length })),
  ];
}

/** The characters of base64 that depend on these bytes alone when `offset` others are before them in their group of three. */
function base64At(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}

function lenientBase64(text: string): string {
  const signs = { '+': '(?:[+-]|%2B)', '/': '(?:\\\\*/|_|%2F)' };
  return text.slice(0, longestPattern).replace(/[+/]/g, (sign) => signs[sign as keyof typeof signs]) + more(text);
}

function lenient(text: string): string {
  const known = text.length > longestPattern && !/\s/.test(text) ? text.slice(0, longestPattern) : text;
  // One blank may have become another, or several one, and backslashes are doubled by each that escapes them.
  const units = known.match(/\s+|\\+|[^]/gu) ?? [];
  return units.map(anyForm).join('') + (known === text ? '' : more(text));
}

function more(text: string): string {
  return text.length > longestPattern ? '[^\\s"\'<>,;]*' : '';
}

const named: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

function anyForm(unit: string): string {
  if (/\s/.test(unit)) return '(?:\\s|\\+|%(?:25)*(?:20|09|0[ad])|\\\\+[nrt]|\\\\+u00(?:20|09|0[ad]))+';
  if (unit.startsWith('\\')) return '(?:\\\\+(?:u005C|x5C)|\\\\|%(?:25)*5C|&#0*92;|&#x0*5C;)+';
  const code = unit.codePointAt(0) ?? 0;
  const bytes = Buffer.from(unit);
  const literal = unit.replace(/[$()*+.?[\]^{|}/]/g, '\\$&');
  const forms = [
    /[\p{L}\p{N}]/u.test(unit) ? literal : `\\\\*${literal}`,
    [...bytes].map((byte) => `%(?:25)*${hexOf(byte, 2)}`).join(''),
    [...unit.split('')].map((half) => `\\\\+u${hexOf(half.charCodeAt(0), 4)}`).join(''),
    `&#(?:0*${code}|x0*${hexOf(code, 1)});`,
  ];
  if (code < 256) forms.push(`\\\\+x${hexOf(code, 2)}`);
  // UTF-8 read as Latin-1, as it is in headers.
  if (code > 127) forms.push(bytes.toString('latin1'));
  if (named[unit] !== undefined) forms.push(`&${named[unit]};`);
  // CSV doubles quotes; shells leave the quoted text for them.
  if (unit === '"') forms.unshift('""');
  if (unit === "'") forms.unshift("'\\\\''", "'\"'\"'", "''");
  return `(?:${forms.join('|')})`;
}

function hexOf(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** A text that was cut may end within a secret. */
function hideCut(text: string, secrets: readonly string[]): string {
  const [before, ...rest] = text.split(/(?=…|\.\.\.)/);
  return [before ?? '', ...rest].map((part) => hideEnd(part, secrets)).join('');
}

function hideEnd(text: string, secrets: readonly string[]): string {
  for (const secret of secrets) {
    for (let length = Math.min(secret.length - 1, text.length); length >= shortestRest; length -= 1) {
      if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + hidden;
    }
  }
  return text;
}

/** What is a credential by its place: those of others, and of ours what nobody told us of. */
const suspects: readonly (readonly [RegExp, string])[] = [
  [
    /((?:authorization|x-amz-security-token)\\*["']?\s*[:=]\s*\\*["']?)(?:(?:basic|bearer|apikey)\s+)?(?!AWS4-)[^\s"'\\,;]+/gi,
    `$1${hidden}`,
  ],
  [/(signature=)[\da-f]{64}/gi, `$1${hidden}`],
  [/(:\/\/)[^\s/@"'<>]+@/g, `$1${hidden}@`],
];

function hideSuspects(text: string): string {
  return suspects.reduce((result, [pattern, instead]) => result.replace(pattern, instead), text);
}
