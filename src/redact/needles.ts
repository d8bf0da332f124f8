import { viewsOf, type View } from './view.js';

/** A piece of a secret, as a view shows it. Where it is found, all that goes on with the secret around it is hidden. */
export interface Needle {
  readonly whole: Uint8Array;
  /** The piece: where in the whole it begins, and how long it is. */
  readonly at: number;
  readonly size: number;
  /** So much of the secret's beginning is hidden before a mark (`…`), and at the end of a text; Infinity: never. */
  readonly beforeMark: number;
  readonly beforeEnd: number;
  /** Base64: the next sign has the last bits, and padding follows. */
  readonly padded: boolean;
  /** Whether the secret begins and ends with what views leave out. */
  readonly open: readonly [begin: boolean, end: boolean];
}

/** What views do not show well: looked for as it is. */
export interface Literal {
  readonly text: string;
  /** Only where no letter or digit is beside it. */
  readonly word: boolean;
}

export interface Forms {
  readonly needles: readonly Needle[];
  readonly literals: readonly Literal[];
}

/** Shorter ones are words and numbers that occur by chance: they are hidden as words of their own only. */
export const shortestSecret = 6;
/** Shorter ones say nothing, and hiding them says more. */
const shortestWord = 3;
const shortestBase64 = 8;
/** Any twice as many characters of a secret in a row are found; a line of a PEM file has 64. */
const pieceSize = 32;
const shortestLine = 12;
/** A text may end with the first characters of a secret by chance, most of all of a short one. */
const shortestCut = { secret: 12, rest: 6 } as const;

/** How a secret may be written. `cut`: its beginning is one, too; that of `user:password` is not. */
export function formsOf(secret: string, { cut }: { readonly cut: boolean }): Forms {
  const bytes = Buffer.from(secret);
  const plain = plainNeedles(secret, cut);
  const base64 = [0, 1, 2]
    .map((offset) => base64At(bytes, offset))
    .filter((one) => one.length >= shortestBase64)
    .flatMap((one) => [one, one.replaceAll('+', '-').replaceAll('/', '_')]);
  const hex = bytes.length * 2 < shortestBase64 ? [] : [bytes.toString('hex')];
  return {
    needles: [
      ...plain,
      ...[...new Set(base64)].flatMap((one) => encoded(one, true)),
      ...hex.flatMap((one) => encoded(one, false)),
    ],
    literals: plain.length === 0 ? literalsOf(secret) : [],
  };
}

function plainNeedles(secret: string, cut: boolean): Needle[] {
  const first = viewsOf(secret.slice(0, 1))[0]?.codes.length === 0;
  const last = viewsOf(secret.slice(-1))[0]?.codes.length === 0;
  // How PEM files begin is known to everybody.
  const rest = cut && !secret.startsWith('-----') ? shortestCut.rest : Infinity;
  const common = {
    beforeMark: rest,
    beforeEnd: secret.length < shortestCut.secret ? Infinity : rest,
    padded: false,
    open: [first, last],
  } as const;
  return viewsOf(secret).flatMap((view) =>
    [...piecesOf(view.codes), ...linesOf(secret, view)].map((piece) => ({ ...piece, ...common })),
  );
}

function encoded(text: string, padded: boolean): Needle[] {
  const common = { beforeMark: Infinity, beforeEnd: Infinity, padded, open: [false, false] } as const;
  return viewsOf(text)
    .slice(0, 1)
    .flatMap(({ codes }) => piecesOf(codes).map((piece) => ({ ...piece, ...common })));
}

type Piece = Pick<Needle, 'whole' | 'at' | 'size'>;

function piecesOf(whole: Uint8Array): Piece[] {
  if (whole.length < shortestSecret) return [];
  const size = Math.min(whole.length, pieceSize);
  const count = Math.ceil(whole.length / size);
  return Array.from({ length: count }, (_, i) => ({ whole, at: Math.min(i * size, whole.length - size), size }));
}

/** Of a secret of many lines each may be shown alone. */
function linesOf(secret: string, { codes, starts }: View): Piece[] {
  let at = 0;
  return [...secret.matchAll(/.+/g)].flatMap(({ index, 0: line }) => {
    while ((starts[at] ?? 0) < index && at < codes.length) at += 1;
    const begin = at;
    while ((starts[at] ?? 0) < index + line.length && at < codes.length) at += 1;
    const isPart = line.length < secret.length && at - begin >= shortestLine && !line.startsWith('-----');
    return isPart ? [{ whole: codes, at: begin, size: Math.min(at - begin, pieceSize) }] : [];
  });
}

/** The characters of base64 that depend on these bytes alone when `offset` others are before them in their group of three. */
function base64At(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}

/** Of a short secret, or one of other scripts. One of signs alone cannot be told from the signs of any text. */
function literalsOf(secret: string): Literal[] {
  if (secret.length < shortestWord || (secret.length < shortestSecret && !/[\p{L}\p{N}]/u.test(secret))) return [];
  const percent = [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const json = JSON.stringify(secret).slice(1, -1);
  const ascii = json.replace(/[^\x20-\x7e]/g, (half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const uri = encodeURIComponent(secret.toWellFormed());
  const forms = [secret, json, ascii, percent, percent.toUpperCase(), uri, Buffer.from(secret).toString('latin1')];
  return [...new Set(forms)].map((text) => ({ text, word: secret.length < shortestSecret }));
}
