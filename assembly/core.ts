/**
 * Takes events apart that are written as the vendor writes them, and puts their documents together: all of it is comparing and copying
 * bytes. What is done is described by words that `src/map/known/` has put into memory; this knows no field.
 *
 * Whatever is not as described ends a run before that event: it is for others to parse. `ops.ts` says what the words are.
 */
import {
  BY_BYTES,
  DIGEST_CHARS,
  FULL,
  LIST_ACTION,
  LIST_ACTION_BYTES,
  LIST_CANONICAL,
  LIST_COPIED,
  LIST_GROUPS,
  LIST_LONGEST,
  LIST_SCAN,
  LIST_TIME_MARK,
  LIST_WRITE,
  MISSING,
  MORE,
  MOST_OPEN,
  OTHER_NAME,
  RECORD_HEAD,
  SCAN_BEGIN,
  SCAN_COPIED,
  SCAN_END,
  SCAN_EVENT_END,
  SCAN_GROUPED,
  SCAN_LOG,
  SCAN_LOG_END,
  SCAN_NAME,
  SLACK,
  TOLD_WORDS,
  UNKNOWN,
  WRITE_CLOSE,
  WRITE_COMMA,
  WRITE_COPIED,
  WRITE_COPIED_MEMBER,
  WRITE_END,
  WRITE_LIST,
  WRITE_MEMBERS,
  WRITE_OPEN,
  WRITE_PIECE,
  WRITE_PLACE,
  WRITE_READ_AT,
  WRITE_TEXT,
} from '../src/map/known/ops';

/** Places in memory, given once. */
let marks: i32 = 0;
/** Records that the event at hand has, by number. */
let records: i32 = 0;
/** Two words a place: address of a record or 0, twice; the one used last stands first. */
let table: i32 = 0;
let tableMask: i32 = 0;
let seed: u32 = 0;
/** Given with each run. */
let readAt: i32 = 0;
let readAtBytes: i32 = 0;
let origin: i32 = 0;
let originBytes: i32 = 0;
let outEnd: i32 = 0;
let canonicalEnd: i32 = 0;

/** Why the last run ended, and where: begin of the event that was not taken. */
export let status: i32 = 0;
export let stoppedAt: i32 = 0;
/** With OTHER_NAME, where the comma before the name stands; with MISSING, the number of what is missing and where it belongs. */
export let nameAt: i32 = 0;
export let missing: i32 = 0;
export let missingPlace: i32 = 0;
/** Index behind the documents, and behind the canonical texts. */
export let written: i32 = 0;
export let canonicalWritten: i32 = 0;

export function place(marksAt: i32, recordsAt: i32, tableAt: i32, tablePlaces: i32, hashSeed: i32): void {
  seed = hashSeed;
  marks = marksAt;
  records = recordsAt;
  table = tableAt;
  tableMask = tablePlaces - 1;
}

export function context(readAtAt: i32, readAtLength: i32, originAt: i32, originLength: i32): void {
  readAt = readAtAt;
  readAtBytes = readAtLength;
  origin = originAt;
  originBytes = originLength;
}

/**
 * Takes events of a list, one behind the other with white space and commas between them.
 *
 * @param end behind the last byte at hand
 * @param maxEvent the most bytes an event may have
 * @param told where it is told of each event (see TOLD_WORDS)
 * @returns how many were taken; `status` says why no more
 */
export function run(
  list: i32,
  from: i32,
  end: i32,
  maxEvent: i32,
  out: i32,
  outLimit: i32,
  canonical: i32,
  canonicalLimit: i32,
  told: i32,
  most: i32,
): i32 {
  outEnd = outLimit - SLACK;
  canonicalEnd = canonicalLimit - SLACK;
  written = out;
  canonicalWritten = canonical;
  let count = 0;
  while (true) {
    while (from < end && isBetween(load<u8>(from))) from++;
    stoppedAt = from;
    if (from >= end) return stop(MORE, count);
    if (count === most) return stop(FULL, count);
    if (load<u8>(from) !== 123) return stop(UNKNOWN, count);
    const limit = min(end, from + maxEvent);
    const to = scan(list, from, limit);
    if (to === 0) return count;
    if (!find(list)) return count;
    const millis = timeOf(list);
    if (isNaN(millis)) return stop(UNKNOWN, count);
    const row = told + count * (TOLD_WORDS * 4);
    store<i32>(row, from);
    store<i32>(row + 4, to);
    const canonicalFrom = canonicalWritten;
    const line = written;
    if (!begin(list, row, millis) || !write(list) || !canonicalText(list, row, from, to)) {
      written = line;
      canonicalWritten = canonicalFrom;
      return stop(FULL, count);
    }
    store<i32>(row + 8, written);
    store<f64>(row + 24, millis);
    count++;
    from = to;
  }
}

function stop(why: i32, count: i32): i32 {
  status = why;
  return count;
}

function isBetween(byte: u8): bool {
  return byte === 10 || byte === 44 || byte === 32 || byte === 13 || byte === 9;
}

function word(at: i32): i32 {
  return load<i32>(at);
}

function setMark(mark: i32, value: i32): void {
  store<i32>(marks + (mark << 2), value);
}

function mark(number: i32): i32 {
  return load<i32>(marks + (number << 2));
}

/** Index behind the event; 0 when it is not as described, with the reason in `status`. */
function scan(list: i32, from: i32, limit: i32): i32 {
  let at = word(list + LIST_SCAN * 4);
  let i = from;
  let separator: i32 = 123;
  while (true) {
    const op = word(at);
    if (op === SCAN_GROUPED || op === SCAN_COPIED) {
      const length = word(at + 8);
      const valueMark = word(at + 12);
      const memberMark = word(at + 16);
      if (op === SCAN_COPIED || valueMark !== 0) {
        setMark(valueMark, i);
        setMark(valueMark + 1, i);
      }
      if (memberMark !== 0) {
        setMark(memberMark, i);
        setMark(memberMark + 1, i);
      }
      if (i + length + 1 < limit && load<u8>(i) === <u8>separator && isSame(i + 1, word(at + 4), length)) {
        if (memberMark !== 0) setMark(memberMark, i + 1);
        i += length + 1;
        separator = 44;
        if (op === SCAN_GROUPED) {
          if (valueMark !== 0) setMark(valueMark, i);
          i = load<u8>(i) === 34 ? quote(i + 1, limit) + 1 : bare(i, limit);
          if (i === 0) return fail(UNKNOWN);
          if (valueMark !== 0) setMark(valueMark + 1, i);
        } else {
          if (load<u8>(i) !== 34) return fail(UNKNOWN);
          setMark(valueMark, ++i);
          i = plain(i, limit);
          if (i === 0) return fail(UNKNOWN);
          setMark(valueMark + 1, i++);
        }
        if (memberMark !== 0) setMark(memberMark + 1, i);
      }
      at += 20;
    } else if (op === SCAN_BEGIN) {
      setMark(word(at + 4), i);
      at += 8;
    } else if (op === SCAN_END) {
      setMark(word(at + 4) + 1, i);
      at += 8;
    } else if (op === SCAN_NAME) {
      const length = word(at + 8);
      if (i + length > limit) return fail(MORE);
      if (!isSame(i, word(at + 4), length)) {
        nameAt = i;
        return fail(OTHER_NAME);
      }
      const valueMark = word(at + 12);
      if (valueMark !== 0) {
        setMark(valueMark, i + word(at + 16));
        setMark(valueMark + 1, i + length - 1);
      }
      i += length;
      at += 20;
    } else if (op === SCAN_LOG) {
      const length = word(at + 8);
      const logMark = word(at + 12);
      if (i + length <= limit && isSame(i, word(at + 4), length)) {
        i += length - 1;
        separator = 123;
        setMark(logMark, i + 1);
        at += 24 + (word(at + 20) << 2);
      } else {
        for (let k = 0, count = word(at + 20); k < count; k++) setMark(word(at + 24 + (k << 2)), 0);
        at = word(at + 16);
      }
    } else if (op === SCAN_LOG_END) {
      if (separator === 123) i++;
      if (i >= limit || load<u8>(i) !== 125) return fault(list, i, limit);
      i++;
      at += 4;
    } else {
      if (op !== SCAN_EVENT_END) unreachable();
      if (i >= limit || load<u8>(i) !== 125) return fault(list, i, limit);
      return i + 1;
    }
  }
}

function fail(why: i32): i32 {
  status = why;
  return 0;
}

/** Near the end of the bytes it may be that end that is at fault. */
function fault(list: i32, i: i32, limit: i32): i32 {
  return fail(limit - i < word(list + LIST_LONGEST * 4) ? MORE : UNKNOWN);
}

/** Place of the next quote, or the limit. */
function quote(at: i32, limit: i32): i32 {
  const quotes = i8x16.splat(34);
  for (; at < limit; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), quotes));
    if (found !== 0) return min(at + ctz(found), limit);
  }
  return limit;
}

/** The same, of a text without escapes and control characters; 0 of another one. */
function plain(at: i32, limit: i32): i32 {
  const quotes = i8x16.splat(34);
  const escapes = i8x16.splat(92);
  const controls = i8x16.splat(32);
  for (; at < limit; at += 16) {
    const bytes = v128.load(at);
    const others = v128.or(i8x16.eq(bytes, escapes), i8x16.lt_u(bytes, controls));
    const found = i8x16.bitmask(v128.or(i8x16.eq(bytes, quotes), others));
    if (found !== 0) {
      at += ctz(found);
      if (at >= limit) return limit;
      return load<u8>(at) === 34 ? at : 0;
    }
  }
  return limit;
}

/** Behind a whole number of at most 15 digits, `true`, `false` or `null`; behind the limit when bytes are missing, 0 of others. */
function bare(at: i32, limit: i32): i32 {
  const first = load<u8>(at);
  if (first === 48) return at + 1;
  if (first > 48 && first < 58) {
    const last = at + 15;
    for (at++; at < limit && load<u8>(at) > 47 && load<u8>(at) < 58; at++) if (at === last) return 0;
    return at;
  }
  // In the order of their bytes: true, fals, null.
  const length = first === 102 ? 5 : 4;
  if (first !== 116 && first !== 102 && first !== 110) return 0;
  if (at + length > limit) return limit + 1;
  const four = load<u32>(at);
  if (first === 116) return four === 0x65757274 ? at + 4 : 0;
  if (first === 110) return four === 0x6c6c756e ? at + 4 : 0;
  return four === 0x736c6166 && load<u8>(at + 4) === 101 ? at + 5 : 0;
}

function isSame(a: i32, b: i32, length: i32): bool {
  let i = 0;
  for (; i + 16 <= length; i += 16) {
    if (i8x16.bitmask(i8x16.eq(v128.load(a + i), v128.load(b + i))) !== 0xffff) return false;
  }
  const left = length - i;
  if (left === 0) return true;
  // What is behind the end does not count.
  const same = i8x16.bitmask(i8x16.eq(v128.load(a + i), v128.load(b + i)));
  return (~same & ((1 << left) - 1)) === 0;
}

/** Finds the record of each group; false when one is missing or a value is no UTF-8, with the reason in `status`. */
function find(list: i32): bool {
  const copied = word(list + LIST_COPIED * 4);
  for (let k = 1, count = word(copied); k <= count; k++) {
    const at = word(copied + (k << 2));
    if (!isUtf8(mark(at), mark(at + 1))) {
      status = UNKNOWN;
      return false;
    }
  }
  let at = word(list + LIST_GROUPS * 4);
  for (let number = 0, count = word(at); number < count; number++) {
    const group = word(at + 4 + (number << 2));
    const record = word(group) === BY_BYTES ? findByBytes(group) : findByParts(group);
    if (record === 0) {
      status = MISSING;
      missing = number;
      return false;
    }
    store<i32>(records + (number << 2), record);
  }
  return true;
}

function mixed(hash: u32, more: u32): u32 {
  const product = (hash ^ more) * 0x9e3779b1;
  return product ^ (product >> 15);
}

function hashOf(hash: u32, from: i32, length: i32): u32 {
  let i = 0;
  for (; i + 4 <= length; i += 4) hash = mixed(hash, load<u32>(from + i));
  for (; i < length; i++) hash = mixed(hash, load<u8>(from + i));
  return mixed(hash, length);
}

function placeOf(hash: u32): i32 {
  return table + (((<i32>(hash ^ (hash >> 17))) & tableMask) << 3);
}

/** `group`: BY_BYTES, id, mark of the bytes that lead to it or -1 if all do, count of runs, their marks. */
function findByBytes(group: i32): i32 {
  const id = word(group + 4);
  const lead = word(group + 8);
  const at = placeOf(lead < 0 ? hashOfRuns(seed ^ id, group) : hashOfRun(seed ^ id, lead));
  missingPlace = at;
  const first = word(at);
  if (first === 0) return 0;
  if (hasRuns(first, group, id)) return first;
  const second = word(at + 4);
  if (second === 0 || !hasRuns(second, group, id)) return 0;
  store<i32>(at, second);
  store<i32>(at + 4, first);
  return second;
}

function hashOfRun(hash: u32, run: i32): u32 {
  const from = mark(run);
  return hashOf(hash, from, mark(run + 1) - from);
}

function hashOfRuns(hash: u32, group: i32): u32 {
  for (let k = 0, count = word(group + 12); k < count; k++) hash = hashOfRun(hash, word(group + 16 + (k << 2)));
  return hash;
}

function hasRuns(record: i32, group: i32, id: i32): bool {
  if (word(record) !== id) return false;
  let own = record + RECORD_HEAD;
  for (let k = 0, count = word(group + 12); k < count; k++) {
    const run = word(group + 16 + (k << 2));
    const from = mark(run);
    const length = mark(run + 1) - from;
    if (word(own) !== length || !isSame(own + 4, from, length)) return false;
    own += 4 + length;
  }
  return true;
}

/** `group`: BY_PARTS, id, count of parts, of each its number and piece, or -1 for the record itself. */
function findByParts(group: i32): i32 {
  const id = word(group + 4);
  const count = word(group + 8);
  let hash: u32 = seed ^ id;
  for (let k = 0; k < count; k++) {
    const piece = pieceOf(group + 12 + (k << 3));
    hash = piece < 0 ? mixed(hash, ~piece) : hashOf(hash, word(piece), word(piece + 4));
  }
  const at = placeOf(hash);
  missingPlace = at;
  const first = word(at);
  if (first === 0) return 0;
  if (hasParts(first, group, id, count)) return first;
  const second = word(at + 4);
  if (second === 0 || !hasParts(second, group, id, count)) return 0;
  store<i32>(at, second);
  store<i32>(at + 4, first);
  return second;
}

function hasParts(record: i32, group: i32, id: i32, count: i32): bool {
  if (word(record) !== id) return false;
  let own = record + RECORD_HEAD;
  for (let k = 0; k < count; k++) {
    const piece = pieceOf(group + 12 + (k << 3));
    if (piece < 0) {
      if (word(own) !== ~piece) return false;
      own += 4;
    } else {
      const length = word(piece + 4);
      if (word(own) !== length || !isSame(own + 4, word(piece), length)) return false;
      own += 4 + length;
    }
  }
  return true;
}

/** Address of a piece's address and length, from two words; of a record itself the complement of its address. */
function pieceOf(at: i32): i32 {
  const record = word(records + (word(at) << 2));
  const piece = word(at + 4);
  return piece < 0 ? ~record : word(record + 4) + (piece << 3);
}

/** The first line of an event, but for the digest. */
function begin(list: i32, row: i32, millis: f64): bool {
  const length = word(list + LIST_ACTION_BYTES * 4);
  if (written + length + 64 > outEnd) return false;
  copy(written, word(list + LIST_ACTION * 4), length);
  let at = written + length;
  let rest: u64 = millis < 0 ? 0 : <u64>millis;
  for (let k = 11; k >= 0; k--) {
    const digit = <i32>(rest & 15);
    store<u8>(at + k, digit < 10 ? 48 + digit : 87 + digit);
    rest >>= 4;
  }
  store<u8>(at + 12, 45);
  at += 13;
  store<i32>(row + 12, at);
  at += DIGEST_CHARS;
  // "}}\n
  store<i32>(at, 0x0a7d7d22);
  written = at + 4;
  return true;
}

function copy(to: i32, from: i32, length: i32): void {
  for (let i = 0; i < length; i += 16) v128.store(to + i, v128.load(from + i));
}

/** Where objects began that are not ended yet. */
const opened = new StaticArray<i32>(MOST_OPEN * 2);

/** The document's line; false when it does not fit. */
function write(list: i32): bool {
  let op = word(list + LIST_WRITE * 4);
  let at = written;
  /** Whether a comma has to stand before the next member that is not there always. */
  let closed = false;
  let depth = 0;
  while (true) {
    switch (word(op)) {
      case WRITE_TEXT: {
        const length = word(op + 8);
        if (at + length > outEnd) return false;
        copy(at, word(op + 4), length);
        at += length;
        closed = word(op + 12) === 1;
        op += 16;
        break;
      }
      case WRITE_COMMA: {
        if (at + 1 > outEnd) return false;
        if (closed) store<u8>(at++, 44);
        op += 4;
        break;
      }
      case WRITE_READ_AT: {
        if (at + readAtBytes > outEnd) return false;
        copy(at, readAt, readAtBytes);
        at += readAtBytes;
        op += 4;
        break;
      }
      case WRITE_COPIED: {
        const from = mark(word(op + 4));
        const length = mark(word(op + 4) + 1) - from;
        if (at + length > outEnd) return false;
        copy(at, from, length);
        at += length;
        op += 8;
        break;
      }
      case WRITE_COPIED_MEMBER: {
        const from = mark(word(op + 4));
        const length = mark(word(op + 4) + 1) - from;
        if (length > 0) {
          const before = word(op + 12);
          const behind = word(op + 20);
          if (at + before + length + behind + 1 > outEnd) return false;
          if (closed) store<u8>(at++, 44);
          copy(at, word(op + 8), before);
          at += before;
          copy(at, from, length);
          at += length;
          copy(at, word(op + 16), behind);
          at += behind;
          closed = true;
        }
        op += 24;
        break;
      }
      case WRITE_MEMBERS: {
        const piece = pieceOf(op + 4);
        const length = word(piece + 4);
        if (length > 0) {
          if (at + length + 1 > outEnd) return false;
          if (closed) store<u8>(at++, 44);
          copy(at, word(piece), length);
          at += length;
          closed = true;
        }
        op += 12;
        break;
      }
      case WRITE_OPEN: {
        const length = word(op + 8);
        if (at + length + 1 > outEnd) return false;
        unchecked((opened[depth] = at));
        unchecked((opened[depth + 1] = closed ? 1 : 0));
        depth += 2;
        if (closed) store<u8>(at++, 44);
        copy(at, word(op + 4), length);
        at += length;
        closed = false;
        op += 12;
        break;
      }
      case WRITE_CLOSE: {
        depth -= 2;
        if (closed) {
          if (at + 1 > outEnd) return false;
          store<u8>(at++, 125);
        } else {
          at = unchecked(opened[depth]);
          closed = unchecked(opened[depth + 1]) === 1;
        }
        op += 4;
        break;
      }
      case WRITE_LIST: {
        const end = writeList(op, at, closed);
        if (end === 0) return false;
        if (end !== at) closed = true;
        at = end;
        op += 16 + (word(op + 12) << 3);
        break;
      }
      case WRITE_PIECE: {
        const piece = pieceOf(op + 4);
        const length = word(piece + 4);
        if (at + length > outEnd) return false;
        copy(at, word(piece), length);
        at += length;
        op += 12;
        break;
      }
      case WRITE_PLACE: {
        at = writePlace(op, at);
        if (at === 0) return false;
        op += 28;
        break;
      }
      default: {
        if (word(op) !== WRITE_END) unreachable();
        if (at + originBytes + 2 > outEnd) return false;
        copy(at, origin, originBytes);
        at += originBytes;
        // }\n
        store<u16>(at, 0x0a7d);
        written = at + 2;
        return true;
      }
    }
  }
}

/** Index behind a list; the same when nothing is in it, 0 when it does not fit. */
function writeList(op: i32, from: i32, closed: bool): i32 {
  const before = word(op + 8);
  if (from + before + 2 > outEnd) return 0;
  let at = from;
  const count = word(op + 12);
  for (let k = 0; k < count; k++) {
    const piece = pieceOf(op + 16 + (k << 3));
    const length = word(piece + 4);
    if (length === 0 || isListed(op, k, word(piece), length)) continue;
    if (at + length + before + 4 > outEnd) return 0;
    if (at === from) {
      if (closed) store<u8>(at++, 44);
      copy(at, word(op + 4), before);
      at += before;
    } else store<u8>(at++, 44);
    store<u8>(at++, 34);
    copy(at, word(piece), length);
    at += length;
    store<u8>(at++, 34);
  }
  if (at === from) return at;
  store<u8>(at, 93);
  return at + 1;
}

/** Whether a piece before this one is the same. */
function isListed(op: i32, until: i32, from: i32, length: i32): bool {
  for (let k = 0; k < until; k++) {
    const piece = pieceOf(op + 16 + (k << 3));
    if (word(piece + 4) === length && isSame(word(piece), from, length)) return true;
  }
  return false;
}

function writePlace(op: i32, at: i32): i32 {
  const before = word(op + 8);
  const name = pieceOf(op + 12);
  const address = pieceOf(op + 20);
  const nameBytes = word(name + 4);
  const addressBytes = word(address + 4);
  if (nameBytes === 0 && addressBytes === 0) return at;
  if (at + before + nameBytes + addressBytes + 3 > outEnd) return 0;
  copy(at, word(op + 4), before);
  at += before;
  copy(at, word(name), nameBytes);
  at += nameBytes;
  if (nameBytes > 0 && addressBytes > 0) {
    // space and bracket
    store<u16>(at, 0x2820);
    at += 2;
  }
  copy(at, word(address), addressBytes);
  at += addressBytes;
  if (nameBytes > 0 && addressBytes > 0) store<u8>(at++, 41);
  return at;
}

/** Tells where the canonical text stands: it is the event's own, or is put together. False when it does not fit. */
function canonicalText(list: i32, row: i32, from: i32, to: i32): bool {
  const canonical = word(list + LIST_CANONICAL * 4);
  const log = canonical === 0 ? 0 : mark(word(canonical));
  store<i32>(row + 16, log === 0 ? from : canonicalWritten);
  store<i32>(row + 20, to);
  if (log === 0) return true;
  let at = canonicalWritten;
  if (at + (to - from) + 16 > canonicalEnd) return false;
  copy(at, from, log - from);
  at += log - from;
  let isFirst = true;
  for (let k = 0, count = word(canonical + 4); k < count; k++) {
    const member = word(canonical + 8 + (k << 2));
    const begin = mark(member);
    const length = mark(member + 1) - begin;
    if (length === 0) continue;
    if (!isFirst) store<u8>(at++, 44);
    isFirst = false;
    copy(at, begin, length);
    at += length;
  }
  // }}
  store<u16>(at, 0x7d7d);
  canonicalWritten = at + 2;
  store<i32>(row + 20, canonicalWritten);
  return true;
}

function isUtf8(at: i32, end: i32): bool {
  while (at < end) {
    const others = i8x16.bitmask(v128.load(at));
    if (others === 0) {
      at += 16;
      continue;
    }
    at += ctz(others);
    // What is behind the end does not count.
    if (at >= end) return true;
    const first = <i32>load<u8>(at);
    const count = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || at + count >= end) return false;
    const second = <i32>load<u8>(at + 1);
    // Neither a longer form of a shorter one, nor half of a surrogate pair, nor beyond the last character.
    const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const greatest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > greatest) return false;
    for (let k = 2; k <= count; k++) if ((load<u8>(at + k) & 0xc0) !== 0x80) return false;
    at += count + 1;
  }
  return true;
}

/** Milliseconds since 1970 of an ISO 8601 time, as `epochMillis` in `src/map/timestamp.ts` reads it; NaN when it is none. */
function timeOf(list: i32): f64 {
  const at = word(list + LIST_TIME_MARK * 4);
  const from = mark(at);
  const length = mark(at + 1) - from;
  if (length < 19 || length > 35) return NaN;
  const year = digits(from, 4);
  const month = digits(from + 5, 2);
  const day = digits(from + 8, 2);
  const hour = digits(from + 11, 2);
  const minute = digits(from + 14, 2);
  const second = digits(from + 17, 2);
  if (year < 0 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23) return NaN;
  if (minute < 0 || minute > 59 || second < 0 || second > 59 || day > daysIn(year, month)) return NaN;
  if (load<u8>(from + 4) !== 45 || load<u8>(from + 7) !== 45 || load<u8>(from + 10) !== 84) return NaN;
  if (load<u8>(from + 13) !== 58 || load<u8>(from + 16) !== 58) return NaN;
  let i = 19;
  let millis = 0;
  if (i < length && load<u8>(from + i) === 46) {
    const begin = ++i;
    while (i < length && load<u8>(from + i) >= 48 && load<u8>(from + i) <= 57) i++;
    const count = i - begin;
    if (count < 1 || count > 9) return NaN;
    millis = digits(from + begin, min(count, 3));
    if (count === 1) millis *= 100;
    else if (count === 2) millis *= 10;
  }
  let offset = 0;
  const left = length - i;
  if (left > 0) {
    const sign = load<u8>(from + i);
    if (sign === 90) {
      if (left !== 1) return NaN;
    } else {
      if ((sign !== 43 && sign !== 45) || left !== 6 || load<u8>(from + i + 3) !== 58) return NaN;
      const hours = digits(from + i + 1, 2);
      const minutes = digits(from + i + 4, 2);
      if (hours < 0 || minutes < 0 || hours > 18 || minutes > 59 || (hours === 18 && minutes > 0)) return NaN;
      offset = (hours * 60 + minutes) * 60_000;
      if (sign === 45) offset = -offset;
    }
  }
  const inDay = hour * 3_600_000 + minute * 60_000 + second * 1000 + millis - offset;
  return <f64>daysBefore(year, month, day) * 86_400_000 + <f64>inDay;
}

/** -1 unless all are digits. */
function digits(from: i32, count: i32): i32 {
  let value = 0;
  for (let i = 0; i < count; i++) {
    const digit = <i32>load<u8>(from + i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function isLeap(year: i32): bool {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysIn(year: i32, month: i32): i32 {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar; years are counted from March, so that a leap day is a year's last. */
function daysBefore(year: i32, month: i32, day: i32): i32 {
  const shifted = year + 400 - (month < 3 ? 1 : 0);
  const fromMarch = (month + 9) % 12;
  const inYear = (153 * fromMarch + 2) / 5 + day - 1;
  return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + inYear - 719_468 - 146_097;
}
