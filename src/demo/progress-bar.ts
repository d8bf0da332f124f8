import cliProgress from 'cli-progress';
import type { Writable } from 'node:stream';

export interface ProgressBar {
  update(done: number): void;
  stop(): void;
}

/** A bar with rate and time left on a terminal; elsewhere nothing, for nobody watches. */
export function progressBar(total: number, stream: Writable & { readonly isTTY?: boolean }): ProgressBar {
  if (stream.isTTY !== true) return { update: () => undefined, stop: () => undefined };
  const bar = new cliProgress.SingleBar({
    format: '  {bar} {percentage}% | {value} of {total} events | {eta_formatted} left',
    stream: stream,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    barsize: 30,
  });
  bar.start(total, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}
