/** Numbers and times as people read them, in their own language and time zone. */

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });

/** `12,345`; three digits of what has a fraction. */
export function formatNumber(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? whole.format(value) : fine.format(value);
}

/** `12.3K`, for axes and where room is short. */
export function formatShort(value: number): string {
  return Math.abs(value) < 1000 ? formatNumber(value) : short.format(value);
}

export function formatShare(part: number, all: number): string {
  return percent.format(all === 0 ? 0 : part / all);
}

const day = { month: 'short', day: 'numeric' } as const;
const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const full = new Intl.DateTimeFormat(undefined, { ...day, ...clock, year: 'numeric', second: '2-digit' });
const compact = new Intl.DateTimeFormat(undefined, { ...day, ...clock });
const compactSecond = new Intl.DateTimeFormat(undefined, { ...day, ...clock, second: '2-digit' });
const dayOnly = new Intl.DateTimeFormat(undefined, { ...day, year: 'numeric' });
const clockOnly = new Intl.DateTimeFormat(undefined, clock);

/** @param time Milliseconds since 1970, or ISO 8601; what is no time comes back as it is. */
export function formatTime(time: number | string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : full.format(date);
}

/** Day and minute. */
export function formatCompact(time: number | Date): string {
  return compact.format(time);
}

/** Day and second; what is no time comes back as it is. */
export function formatSecond(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : compactSecond.format(date);
}

export function formatDay(time: number): string {
  return dayOnly.format(time);
}

export function formatClock(time: number): string {
  return clockOnly.format(time);
}

/** The zone that all times are in: `Europe/Berlin (UTC+2)`. */
export function timeZone(now: Date): string {
  const { timeZone: name } = Intl.DateTimeFormat().resolvedOptions();
  const minutes = -now.getTimezoneOffset();
  if (minutes === 0) return name === 'UTC' ? name : `${name} (UTC)`;
  const rest = Math.abs(minutes) % 60;
  const offset = `${minutes < 0 ? '−' : '+'}${Math.floor(Math.abs(minutes) / 60)}${rest === 0 ? '' : `:${rest}`}`;
  return `${name} (UTC${offset})`;
}

const spans: Readonly<Record<string, string>> = { m: 'minutes', h: 'hours', d: 'days' };

/** `24h` as `last 24 hours`. */
export function formatLast(last: string): string {
  const count = Number.parseInt(last, 10);
  const unit = spans[last.slice(-1)] ?? '';
  return count === 1 ? `Last ${unit.slice(0, -1)}` : `Last ${count} ${unit}`;
}
