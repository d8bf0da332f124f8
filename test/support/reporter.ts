import Mocha from 'mocha';

/** Mocha's `spec` output, and as the very last line of stdout one that scripts can read: `N passed, N failed`. */
export default class ClosingLineReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    process.on('exit', () => process.stdout.write(`\n${closingLine(this.stats)}\n`));
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
