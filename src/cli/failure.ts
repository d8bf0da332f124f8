import { ConnectorError, type ErrorDetails } from '../errors.js';
import { oneLine, printable } from '../printable.js';

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
 * `error CCX_…: message`, `  at: place`, `  fix: remedy`, each on a line of its own. Further lines of a message are indented,
 * so that no text from outside can look like one of the others.
 * Plain text also where stderr is not a terminal: it is for people; logs are what machines read.
 */
export function failureText(error: ConnectorError, style: FailureStyle): string {
  const red = (text: string): string => (style.colour ? `\u001b[1;31m${text}\u001b[0m` : text);
  const lines = [`${error.code}: ${indented(printable(style.redact(error.message)))}`];
  if (error.place !== undefined) lines.push(`  at: ${oneLine(style.redact(error.place))}`);
  lines.push(`  fix: ${oneLine(style.redact(error.remedy))}`);
  if (style.debug) lines.push(...stackLines(error).map((stack) => printable(style.redact(stack))));
  return `${red('error')} ${lines.join('\n')}\n`;
}

/** Lists (`  - …`) have their indentation already. */
function indented(text: string): string {
  return text.replace(/\n(?! {2}- )\s*/g, '\n    ');
}

function stackLines(error: ConnectorError): string[] {
  const source: unknown = error.cause ?? error;
  return source instanceof Error && source.stack !== undefined ? [source.stack] : [];
}
