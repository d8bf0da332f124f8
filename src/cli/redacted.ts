import type { Writable } from 'node:stream';
import type { ConfigContext } from '../commands/context.js';
import type { LogOptions } from '../log.js';
import type { Secrets } from '../redact.js';

/** For commands whose output repeats what servers say, who may repeat what they were sent: secrets are taken out of it. */
export function redacted(context: ConfigContext): ConfigContext {
  const { stdout, stderr, redact } = context;
  return { ...context, stdout: through(stdout, redact), stderr: through(stderr, redact) };
}

/** The same stream: nothing is held back that the end of the process could lose. */
function through(stream: Writable, redact: (text: string) => string): Writable {
  return Object.assign(Object.create(stream) as Writable, {
    write: (text: string): boolean => stream.write(redact(text)),
  });
}

/**
 * Takes the secrets out of whatever writes there, such as the client under DEBUG=elasticsearch, which prints what servers answer.
 * @returns the way around it, for the log: its texts are redacted one by one, and a whole line would be changed where a secret
 * looks like a part of every line.
 */
export function redactAll(stream: Writable, secrets: Secrets): LogOptions['stream'] {
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: readonly unknown[]) => boolean;
  const redacting = (chunk: unknown, ...rest: readonly unknown[]): boolean =>
    write(secrets.redact(textOf(chunk)), ...rest);
  Object.assign(stream, { write: redacting });
  return { write };
}

function textOf(chunk: unknown): string {
  return chunk instanceof Uint8Array ? Buffer.from(chunk).toString() : String(chunk);
}
