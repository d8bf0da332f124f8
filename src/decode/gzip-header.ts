/** Flags of a gzip member's header, RFC 1952 section 2.3.1. */
const HAS_CRC = 2;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;
const FIXED_BYTES = 10;

/** Whether bytes begin like a gzip member: magic number and the only method there is, deflate. */
export function isGzip(bytes: Buffer): boolean {
  return bytes.length >= 3 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/** Length of the member header at the start of `bytes`; undefined when it is not all there. */
export function headerLength(bytes: Buffer): number | undefined {
  if (bytes.length < FIXED_BYTES) return undefined;
  const flags = bytes[3] as number;
  let at: number | undefined = FIXED_BYTES;
  if ((flags & HAS_EXTRA) !== 0) {
    if (bytes.length < at + 2) return undefined;
    at += 2 + bytes.readUInt16LE(at);
  }
  if ((flags & HAS_NAME) !== 0) at = behindZero(bytes, at);
  if (at !== undefined && (flags & HAS_COMMENT) !== 0) at = behindZero(bytes, at);
  if (at === undefined) return undefined;
  if ((flags & HAS_CRC) !== 0) at += 2;
  return at <= bytes.length ? at : undefined;
}

function behindZero(bytes: Buffer, from: number): number | undefined {
  const zero = bytes.indexOf(0, from);
  return zero < 0 ? undefined : zero + 1;
}
