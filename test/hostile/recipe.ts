import { gzipSync } from 'node:zlib';

/** How the bytes of a fixture are made: those of a bomb would be no small file. */
export type Recipe =
  | string
  | readonly Recipe[]
  | { readonly hex: string }
  | { readonly utf16: string }
  | { readonly repeat: Recipe; readonly times: number }
  /** The text for 0, 1, … up to `to` (exclusive), with the number in place of `#`. */
  | { readonly numbers: string; readonly to: number }
  | { readonly gzip: Recipe }
  /** The beginning, up to a byte counted from the end. */
  | { readonly cut: Recipe; readonly to: number }
  /** With all bits of one byte, counted from the end, turned around. */
  | { readonly flip: Recipe; readonly at: number };

export function bytesOf(recipe: Recipe): Buffer {
  if (typeof recipe === 'string') return Buffer.from(recipe);
  if (isList(recipe)) return Buffer.concat(recipe.map(bytesOf));
  if ('hex' in recipe) return Buffer.from(recipe.hex, 'hex');
  if ('utf16' in recipe) return Buffer.from(recipe.utf16, 'utf16le');
  if ('repeat' in recipe) return repeated(bytesOf(recipe.repeat), recipe.times);
  if ('numbers' in recipe) return Buffer.from(numbered(recipe.numbers, recipe.to));
  if ('gzip' in recipe) return gzipSync(bytesOf(recipe.gzip));
  if ('cut' in recipe) return bytesOf(recipe.cut).subarray(0, recipe.to);
  return flipped(bytesOf(recipe.flip), recipe.at);
}

function isList(recipe: Recipe): recipe is readonly Recipe[] {
  return Array.isArray(recipe);
}

function repeated(bytes: Buffer, times: number): Buffer {
  return Buffer.alloc(bytes.length * times, bytes);
}

function numbered(text: string, to: number): string {
  return Array.from({ length: to }, (_, number) => text.replaceAll('#', String(number))).join('');
}

function flipped(bytes: Buffer, at: number): Buffer {
  const index = bytes.length + at;
  bytes[index] = (bytes[index] ?? 0) ^ 0xff;
  return bytes;
}
