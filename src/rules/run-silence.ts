import type { Finding } from './finding.js';
import { durationMs } from './period.js';
import { byGroup, groupOf, type Watch } from './run-watch.js';
import { askTallies } from './search-pages.js';
import type { Rule, SilenceDetect } from './spec.js';

/** Rules that miss events: gaps as long as the window, between events or up to the end, that end within the span. */
export async function findSilences(watch: Watch, rule: Rule, detect: SilenceDetect): Promise<Finding[]> {
  const { span, windowMs } = watch;
  const from = new Date(span.from.getTime() - durationMs(detect.history));
  const question = { filters: watch.filters, span: { ...span, from }, by: detect.groupBy, time: span.clock };
  const tallies = await askTallies(watch, question);
  return byGroup(tallies, detect.groupBy).flatMap((rows) => {
    const times = [...rows].sort((a, b) => a.first - b.first);
    const gaps = times.map(({ last }, i) => [last, times[i + 1]?.first ?? span.to.getTime()] as const);
    return gaps
      .filter(([start, end]) => end - start >= windowMs && end >= span.from.getTime())
      .map(([start, end]) => ({
        rule: rule.id,
        group: groupOf(rule, rows),
        from: new Date(start).toISOString(),
        to: new Date(end).toISOString(),
        events: 0,
        found: minutes(end - start),
      }));
  });
}

/** `4 h 20 min`. */
function minutes(ms: number): string {
  const whole = Math.floor(ms / 60_000);
  return `${Math.floor(whole / 60)} h ${whole % 60} min`;
}
