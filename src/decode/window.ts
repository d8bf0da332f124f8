import { isAscii, isUtf8 } from 'node:buffer';

/**
 * The part of a stream that is not used up yet, in one piece. Positions are byte offsets in the decompressed stream.
 * Appending costs time in proportion to what is appended, also when it comes byte by byte.
 */
export class Window {
  bytes: Buffer = Buffer.alloc(0);
  /** Offset of `bytes[0]`. */
  base: number;
  /** Offset behind the last byte. */
  end: number;
  /** Offset of the first byte of `chars()`. */
  charsBase = 0;
  #ascii = true;
  #owned = false;
  #chars: string | undefined;
  /** Where pieces are put together: used again and again, as long as events are about as large. */
  #room = Buffer.alloc(0);

  constructor(offset: number) {
    this.base = offset;
    this.end = offset;
  }

  /** Adds a chunk, which may be used again once the next one is added; what stands before `keepFrom` may be forgotten. */
  append(chunk: Buffer, keepFrom: number): void {
    const kept = this.end - keepFrom;
    this.#chars = undefined;
    if (kept === 0) this.#replace(chunk, false, keepFrom);
    else if (!this.#fits(chunk)) this.#move(chunk, kept, keepFrom);
    else chunk.copy(this.bytes, this.end - this.base);
    this.end += chunk.length;
    if (kept <= chunk.length) this.#ascii = isAscii(this.slice(keepFrom, this.end));
    else this.#ascii &&= isAscii(chunk);
  }

  byte(at: number): number {
    return this.bytes[at - this.base] as number;
  }

  /** A view of the bytes; valid until the next append. */
  slice(from: number, to: number): Buffer {
    return this.bytes.subarray(from - this.base, to - this.base);
  }

  /** The bytes from about `from` to the end, one character a byte. Made once per append. */
  chars(from: number): string {
    if (this.#chars === undefined) {
      this.charsBase = from;
      this.#chars = this.bytes.toString('latin1', from - this.base, this.end - this.base);
    }
    return this.#chars;
  }

  /** The text of a piece; `raw` holds its bytes as latin1 when they are not valid UTF-8. `latin1`, if known, spares a copy. */
  text(from: number, to: number, latin1?: string): { text: string; ascii: boolean; raw: string | undefined } {
    if (this.#ascii) return { text: latin1 ?? this.latin1(from, to), ascii: true, raw: undefined };
    const bytes = this.slice(from, to);
    if (isAscii(bytes)) return { text: latin1 ?? this.latin1(from, to), ascii: true, raw: undefined };
    const text = bytes.toString('utf8');
    const replaced = text.includes('\ufffd') && !isUtf8(bytes);
    return { text, ascii: false, raw: replaced ? this.latin1(from, to) : undefined };
  }

  latin1(from: number, to: number): string {
    return this.bytes.toString('latin1', from - this.base, to - this.base);
  }

  #fits(chunk: Buffer): boolean {
    return this.#owned && this.end - this.base + chunk.length <= this.bytes.length;
  }

  #move(chunk: Buffer, kept: number, keepFrom: number): void {
    const old = this.slice(keepFrom, this.end);
    const needed = kept + chunk.length;
    // Half of what is moved may have to be moved again; with more, appending byte by byte would take its time.
    const room =
      this.#room.length >= needed + kept ? this.#room : Buffer.allocUnsafeSlow(needed + Math.max(chunk.length, kept));
    this.#room = room;
    old.copy(room);
    chunk.copy(room, kept);
    this.#replace(room, true, keepFrom);
  }

  #replace(bytes: Buffer, owned: boolean, base: number): void {
    this.bytes = bytes;
    this.#owned = owned;
    this.base = base;
  }
}
