/** The log: JSON lines on stderr, or readable lines when stderr is a terminal. Never a secret in it. */

/** `log.warn('text')` or `log.warn({ field: value }, 'text')`. */
export interface LogMethod {
  (message: string): void;
  (fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** What the parts of the connector write their log to; tests and embedders may pass their own. */
export interface Logger {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
}
