import { ConnectorError, type ErrorDetails } from '../errors.js';

/** How a failure is shown. */
export interface FailureStyle {
  readonly colour: boolean;
  /** Adds where an unexpected error was thrown. */
  readonly debug: boolean;
  /** Takes the secrets out of a text. */
  readonly redact: (text: string) => string;
}

/** Any thrown value as the error that a user sees: what nobody expected is CCX_INTERNAL. */
export function asConnectorError(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const details: ErrorDetails = { cause: error };
  return new ConnectorError('CCX_INTERNAL', error instanceof Error ? error.message : String(error), details);
}

/**
 * `error CCX_…: message`, `  at: place`, `  fix: remedy`, each on a line of its own.
 * Plain text also where stderr is not a terminal: it is for people; logs are what machines read.
 */
export function failureText(error: ConnectorError, style: FailureStyle): string {
  const red = (text: string): string => (style.colour ? `\u001b[1;31m${text}\u001b[0m` : text);
  const lines = [`${red('error')} ${error.code}: ${error.message}`];
  if (error.place !== undefined) lines.push(`  at: ${error.place}`);
  lines.push(`  fix: ${error.remedy}`);
  if (style.debug) lines.push(...stackLines(error));
  return `${style.redact(lines.join('\n'))}\n`;
}

function stackLines(error: ConnectorError): string[] {
  const source: unknown = error.cause ?? error;
  return source instanceof Error && source.stack !== undefined ? [source.stack] : [];
}
