const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of `90s`, `10m`, `1h`, `30d`: how rules write durations. */
export function durationMs(duration: string): number {
  const unit = UNITS[duration.at(-1) as keyof typeof UNITS];
  return Number(duration.slice(0, -1)) * unit;
}
