/** A text as secrets are looked for in it: without what writers change, and with the way back to the text itself. */
export interface View {
  /** Printable ASCII in lower case. */
  readonly codes: Uint8Array;
  /** Of each character: where in the text what it stands for begins and ends. `starts` has the end of the text, too. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** A text on its way to be a view; without the way back it is the text itself. */
interface Decoded extends Partial<Omit<View, 'codes'>> {
  readonly text: string;
}

/** Each escape undone may show another; nobody wraps a secret more often than that. */
const mostLevels = 5;

/**
 * Escapes of URLs, of HTML and of backslashes, each with those that escape its own sign. Each run is taken whole whatever follows,
 * so that the time is linear in the text.
 */
const escapes =
  /%(?:25)*([\da-f]{2})|&(?:amp;|#0{0,5}38;|#x0{0,5}26;)*(?:#0{0,5}(\d{1,7})|#x0{0,5}([\da-f]{1,6})|(amp|lt|gt|quot|apos));|\\+(?:u([\da-f]{4})|x([\da-f]{2})|[nrt])?/gi;

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The views of a text: as it stands, and with its escapes undone where it has any. In both are left out blanks, quotes, backslashes and
 * plus signs, which are doubled, escaped or run together, and what is not ASCII, which has too many encodings.
 */
export function viewsOf(text: string): View[] {
  const plain: Decoded = { text };
  let decoded = plain;
  for (let level = 0; level < mostLevels; level += 1) {
    const next = decode(decoded);
    if (next === decoded) break;
    decoded = next;
  }
  return decoded === plain
    ? [squeeze(plain, text.length)]
    : [squeeze(plain, text.length), squeeze(decoded, text.length)];
}

/** The same object where there is nothing to undo. */
function decode(from: Decoded): Decoded {
  if (!/[%&\\]/.test(from.text)) return from;
  const pieces: string[] = [];
  const starts = new Uint32Array(from.text.length);
  const ends = new Uint32Array(from.text.length);
  let [size, done] = [0, 0];
  const keep = (until: number): void => {
    pieces.push(from.text.slice(done, until));
    for (let i = done; i < until; i += 1, size += 1) {
      starts[size] = from.starts?.[i] ?? i;
      ends[size] = from.ends?.[i] ?? i + 1;
    }
  };
  for (const match of from.text.matchAll(escapes)) {
    keep(match.index);
    done = match.index + match[0].length;
    const meant = meaningOf(match);
    pieces.push(meant);
    starts[size] = from.starts?.[match.index] ?? match.index;
    ends[size] = from.ends?.[done - 1] ?? done;
    size += meant.length;
  }
  if (done === 0) return from;
  keep(from.text.length);
  return { text: pieces.join(''), starts, ends };
}

/** One character of ASCII, or none. */
function meaningOf([, percent, decimal, entity, name, unicode, hex]: RegExpMatchArray): string {
  if (name !== undefined) return named[name.toLowerCase()] ?? '';
  const digits = percent ?? entity ?? unicode ?? hex;
  const code = digits === undefined ? Number(decimal ?? 0) : parseInt(digits, 16);
  return isPrintable(code) ? String.fromCharCode(code) : '';
}

function squeeze({ text, starts, ends }: Decoded, length: number): View {
  const codes = new Uint8Array(text.length);
  const [first, last] = [new Uint32Array(text.length + 1), new Uint32Array(text.length)];
  let size = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (!isPrintable(code) || isVariable(code)) continue;
    codes[size] = code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
    first[size] = starts?.[i] ?? i;
    last[size] = ends?.[i] ?? i + 1;
    size += 1;
  }
  first[size] = length;
  return { codes: codes.subarray(0, size), starts: first, ends: last };
}

function isPrintable(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/** Both quotes, plus and backslash. */
function isVariable(code: number): boolean {
  return code === 0x22 || code === 0x27 || code === 0x2b || code === 0x5c;
}
