/** The log: JSON lines on stderr, or readable lines when stderr is a terminal. Never a secret in it. */
import { createRequire } from 'node:module';
import type PinoPretty from 'pino-pretty';
import { pino, type DestinationStream } from 'pino';
import type { LogConfig } from './config.js';
import { oneLine, printableJson } from './printable.js';

/** `log.warn('text')` or `log.warn({ field: value }, 'text')`. An error goes under the field `error`. */
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

export type LogLevel = LogConfig['level'];

/** A logger whose level is set once the configuration is known. */
export interface ProcessLogger extends Logger {
  level: string;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Where lines go: written at once, so that none is lost when the process ends. */
  readonly stream: { write(text: string): unknown };
  /** Readable lines instead of JSON. */
  readonly pretty: boolean;
  readonly colour: boolean;
  /** Takes the secrets out of a text. */
  readonly redact: (text: string) => string;
}

/**
 * JSON lines have `time` (ISO 8601), `level` (a word), `message` and the fields given. Whatever texts from outside are
 * in it, a line is one line and holds nothing that a terminal obeys, in both forms.
 */
export function createLogger(options: LogOptions): ProcessLogger {
  const { redact } = options;
  // Readable lines show a message as it is; in JSON it is escaped like all else.
  const tell = (text: string): string => (options.pretty ? oneLine(redact(text)) : redact(text));
  return pino(
    {
      level: options.level,
      messageKey: 'message',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redactFields(fields, redact),
      },
      hooks: {
        logMethod(args, method) {
          const redacted = args.map((arg: unknown) => (typeof arg === 'string' ? tell(arg) : arg));
          method.apply(this, redacted as typeof args);
        },
      },
    },
    destination(options),
  );
}

function destination({ stream, pretty, colour }: LogOptions): DestinationStream {
  if (!pretty) return { write: (line) => void stream.write(printableJson(line)) };
  // Loaded only for terminals; used as a function because its own streams lose the last lines at the process's end.
  const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as typeof PinoPretty;
  const format = prettyFactory({
    colorize: colour,
    messageKey: 'message',
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
    // By default the field `error` would go over several lines.
    errorLikeObjectKeys: [],
  });
  return { write: (line) => void stream.write(printableJson(format(line))) };
}

/** A copy of the fields with secrets taken out of all texts and names in it, and errors as plain objects. */
function redactFields(fields: object, redact: (text: string) => string): Record<string, unknown> {
  try {
    const json = JSON.stringify(fields, (_key, value: unknown) => plain(value, redact));
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    // A field that refers to itself must not cost the line.
    return { fields: 'not printable' };
  }
}

function plain(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Error) return plainError(value);
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [redact(key), one])) : value;
}

/** Nothing else of it: clients hang whole requests, with their headers, on their errors. */
function plainError(error: Error): object {
  const { name, message, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return { name, code, message, cause: cause instanceof Error ? cause : undefined };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
