import type { BufferPool } from '../buffer-pool.js';
import { ACTION_END, actionBegin } from '../bulk-action.js';
import { idTime } from '../map/id.js';
import { KnownRun } from '../map/known/known-run.js';
import { TOLD_WORDS } from '../map/known/ops.js';
import type { DecodedRun } from '../record.js';
import type { MappedPiece, ReadPiece } from '../reader.js';
import type { SentPiece, SentRun } from './messages.js';

export interface Packed {
  readonly buffer: ArrayBuffer;
  readonly pieces: readonly SentPiece[];
}

/** Puts pieces into one buffer that can be given away. */
export function pack(found: readonly ReadPiece[], pool: BufferPool<ArrayBuffer>): Packed {
  const written = found.map((piece) => (piece.kind === 'event' ? linesOf(piece) : undefined));
  const needed = found.reduce((sum, piece, i) => sum + bytesOf(piece, written[i]), 0);
  const buffer = pool.take(needed);
  const target = Buffer.from(buffer);
  const pieces: SentPiece[] = [];
  let at = 0;
  for (const [i, piece] of found.entries()) {
    if (piece.kind === 'reject') {
      pieces.push({ kind: 'reject', reject: piece });
      continue;
    }
    const sent = piece.kind === 'run' ? sendRun(piece, target, at) : sendEvent(piece, written[i] as Buffer, target, at);
    pieces.push(sent);
    at = sent.events[1];
  }
  return { buffer, pieces };
}

/** The pieces as they were. */
export function unpack({ buffer, pieces }: Packed): ReadPiece[] {
  const bytes = Buffer.from(buffer);
  return pieces.map((piece) => {
    if (piece.kind === 'reject') return { ...piece.reject, raw: Buffer.from(piece.reject.raw) };
    const { told, lines, events, start, arrayDepth } = piece;
    return new KnownRun({
      ...{ told, lines: bytes.subarray(...lines), linesFrom: 0, buffer: bytes.subarray(...events), shift: 0 },
      ...{ start, arrayDepth },
    });
  });
}

function bytesOf(piece: ReadPiece, lines: Buffer | undefined): number {
  if (piece.kind === 'reject') return 0;
  if (piece.kind === 'event') return (lines?.length ?? 0) + piece.source.to - piece.source.from;
  return piece.lineEnd(piece.count - 1) + piece.to(piece.count - 1) - piece.from(0);
}

function sendRun(run: DecodedRun, target: Buffer, at: number): SentRun {
  const last = run.count - 1;
  const [first, end] = [run.from(0), run.to(last)];
  const behind = at + run.lines.copy(target, at, 0, run.lineEnd(last));
  const told = new Int32Array(run.count * TOLD_WORDS);
  const times = new Float64Array(told.buffer);
  for (let event = 0; event < run.count; event++) {
    const row = event * TOLD_WORDS;
    told[row] = run.from(event) - first;
    told[row + 1] = run.to(event) - first;
    told[row + 2] = run.lineEnd(event);
    times[row / 2 + 3] = run.time(event);
  }
  const events = [behind, behind + run.buffer.copy(target, behind, first, end)] as const;
  return { kind: 'run', told, lines: [at, behind], events, start: run.start + first, arrayDepth: run.end.arrayDepth };
}

/** An event that was parsed, as a run of one. */
function sendEvent({ event, source }: MappedPiece, lines: Buffer, target: Buffer, at: number): SentRun {
  const { buffer, from, to, start, end } = source;
  const behind = at + lines.copy(target, at);
  const told = new Int32Array(TOLD_WORDS);
  told[1] = to - from;
  told[2] = lines.length;
  new Float64Array(told.buffer)[3] = idTime(event.id);
  const events = [behind, behind + buffer.copy(target, behind, from, to)] as const;
  return { kind: 'run', told, lines: [at, behind], events, start, arrayDepth: end.arrayDepth };
}

function linesOf({ event: { index, id, source } }: MappedPiece): Buffer {
  return Buffer.from(`${actionBegin(index)}${id}${ACTION_END}${source}\n`);
}
