import type { FileHandle } from 'node:fs/promises';

/** What is given to the system at once, unless one line alone is longer. */
const PIECE_BYTES = 256 * 1024;
const NEWLINE = 10;
const LF = Buffer.from('\n');

/**
 * Appends lines to a file that other processes append to, too. Each piece is whole lines and a single write(2), which nothing of
 * another process gets into; `appendFile` of Node.js writes 512 KiB at a time, whatever stands there. A last line that a
 * crash cut off is not joined to. Nothing is synced. `lines` are without newlines.
 */
export async function appendLines(file: FileHandle, lines: readonly (Buffer | string)[]): Promise<void> {
  for (const piece of pieces(lines)) {
    await endLine(file);
    await writeLines(file, piece);
  }
}

/** Sees to it that the file ends with a whole line. */
export async function endLine(file: FileHandle): Promise<void> {
  if (!(await endsInLine(file))) await writeLines(file, LF);
}

/** The end of the last whole line of the first `size` bytes; 0 when there is none. */
export async function endOfLines(file: FileHandle, size: number): Promise<number> {
  for (let to = size; to > 0; to -= PIECE_BYTES) {
    const from = Math.max(0, to - PIECE_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
    const last = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (last >= 0) return from + last + 1;
  }
  return 0;
}

function* pieces(lines: readonly (Buffer | string)[]): Generator<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for (const line of lines) {
    const part = Buffer.from(line);
    if (bytes > 0 && bytes + part.length >= PIECE_BYTES) {
      yield Buffer.concat(parts);
      parts = [];
      bytes = 0;
    }
    parts.push(part, LF);
    bytes += part.length + 1;
  }
  if (bytes > 0) yield Buffer.concat(parts);
}

/** On a disk that is nearly full less is written than asked for; the line that was cut off is written again, whole. */
async function writeLines(file: FileHandle, piece: Buffer): Promise<void> {
  for (let due = piece; ;) {
    const { bytesWritten } = await file.write(due);
    if (bytesWritten === due.length) return;
    if (bytesWritten === 0) throw new Error('the disk takes nothing');
    const lineStart = due.lastIndexOf(NEWLINE, bytesWritten - 1) + 1;
    due = Buffer.concat([LF, due.subarray(lineStart)]);
  }
}

async function endsInLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === NEWLINE;
}
