const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MS_PER_DAY = 86_400_000;
const MS_PER_MINUTE = 60_000;
const [DASH, PLUS, DOT, COLON, T, Z] = [45, 43, 46, 58, 84, 90];

/**
 * Reads an ISO 8601 time, `2023-12-20T11:21:41.000000Z`: date, `T`, time of day with seconds, up to nine digits of
 * fraction, and `Z`, `±hh:mm` or nothing (UTC). Just what the engines' `strict_date_optional_time` takes, so that a text
 * that is read here is never refused there; a leap second is refused by both.
 *
 * @returns milliseconds since 1970 (fraction cut), or undefined when the text is no such time.
 */
export function epochMillis(text: string): number | undefined {
  if (text !== lastText) {
    lastMillis = readMillis(text);
    lastText = text;
  }
  return lastMillis;
}

/** Each event's time is asked for twice, by the validator and for the id. */
let lastText = '';
let lastMillis: number | undefined;

/** The longest time that is read. */
const MAX_LENGTH = 35;
/** The time that is being read; characters beyond latin1 are none of a time. */
const chars = new Uint8Array(MAX_LENGTH);

function readMillis(text: string): number | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  for (let i = 0; i < text.length; i++) chars[i] = Math.min(text.charCodeAt(i), 255);
  return millisOf(text.length);
}

function millisOf(length: number): number | undefined {
  const text = chars;
  if (length < 19) return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if (
    !(year >= 0 && month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 59) ||
    text[4] !== DASH ||
    text[7] !== DASH ||
    text[10] !== T ||
    text[13] !== COLON ||
    text[16] !== COLON ||
    day > daysInMonth(year, month)
  ) {
    return undefined;
  }
  let at = 19;
  let millis = 0;
  if (at < length && text[at] === DOT) {
    const from = ++at;
    while (at < length && isDigit(text[at] as number)) at++;
    const count = at - from;
    if (count < 1 || count > 9) return undefined;
    millis = fractionMillis(text, from, count);
  }
  const offset = offsetMillis(text, at, length);
  if (offset === undefined) return undefined;
  return (
    daysSinceEpoch(year, month, day) * MS_PER_DAY + hour * 3_600_000 + minute * 60_000 + second * 1000 + millis - offset
  );
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** NaN unless all are digits: every comparison with it is then false. */
function digits(text: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) {
    const code = text[i] as number;
    if (!isDigit(code)) return NaN;
    value = value * 10 + code - 48;
  }
  return value;
}

function fractionMillis(text: Uint8Array, from: number, count: number): number {
  const millis = digits(text, from, Math.min(count, 3));
  return count === 1 ? millis * 100 : count === 2 ? millis * 10 : millis;
}

function offsetMillis(text: Uint8Array, at: number, length: number): number | undefined {
  const left = length - at;
  if (left === 0) return 0;
  const sign = text[at];
  if (sign === Z) return left === 1 ? 0 : undefined;
  if ((sign !== PLUS && sign !== DASH) || left !== 6 || text[at + 3] !== COLON) return undefined;
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + 4, 2);
  if (!(hours <= 18 && minutes <= 59) || (hours === 18 && minutes > 0)) return undefined;
  const millis = (hours * 60 + minutes) * MS_PER_MINUTE;
  return sign === DASH ? -millis : millis;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const inYear = (DAYS_BEFORE_MONTH[month - 1] ?? 0) + (month > 2 && isLeap(year) ? 1 : 0) + day - 1;
  return before * 365 + leapDays + inYear - 719_162;
}
