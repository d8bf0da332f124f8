import Mocha from 'mocha';

const LINGER_MS = 30_000;

/**
 * Mocha's `spec` output, and as the very last line of stdout one that scripts can read: `N passed, N failed`. Something that keeps the
 * process alive after the last test is a failure of its own: the run is ended and says what it was, where it would hang for ever.
 */
export default class ClosingLineReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    runner.once('end', () => setTimeout(() => this.#lingering(), LINGER_MS).unref());
    process.on('exit', () => process.stdout.write(`\n${closingLine(this.stats)}\n`));
  }

  #lingering(): void {
    this.stats.failures += 1;
    console.log(`\n  FAILED: still open after the last test: ${process.getActiveResourcesInfo().join(', ')}`);
    process.exit(1);
  }
}

/**
 * A failed hook counts as a failure, and so does a run that did not come to its end. Tests that an engine does not support
 * are in Mocha's own summary, as pending: scripts read this line to its end.
 */
export function closingLine(stats: Mocha.Stats): string {
  const failures = stats.failures + (stats.end === undefined ? 1 : 0);
  return `${stats.passes} passed, ${failures} failed`;
}
