import type { ConnectorError } from '../errors.js';
import type { Fault } from './protocol.js';

/** Why a request gets no answer, as JSON for the page. */
export interface Refusal extends Fault {
  readonly status: number;
}

export function refusal(status: number, code: string, message: string, remedy: string): Refusal {
  return { status, error: { code, message, remedy } };
}

/** A parameter of the request is wrong. */
export class BadParameter extends Error {
  override readonly name = 'BadParameter';

  constructor(
    readonly parameter: string,
    message: string,
  ) {
    super(message);
  }
}

export function parameterRefusal({ parameter, message }: BadParameter): Refusal {
  return refusal(400, 'PREVIEW_PARAMETER', `${parameter} ${message}`, 'Correct the address, or choose again.');
}

/** Secrets are in none of our errors, but a proxy may repeat in its answer what it was sent. */
export function failureRefusal(failure: ConnectorError, redact: (text: string) => string): Refusal {
  const { code, message, place, remedy } = failure;
  const status = code === 'CCX_INTERNAL' ? 500 : 502;
  return refusal(status, code, redact(place === undefined ? message : `${message} (${place})`), redact(remedy));
}
