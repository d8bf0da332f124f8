import type { Fault } from '../protocol.js';

/** A failure that the server explains. */
export class ServerFault extends Error {
  override readonly name = 'ServerFault';

  constructor(readonly fault: Fault['error']) {
    super(fault.message);
  }
}

const gone: Fault['error'] = {
  code: 'NO_ANSWER',
  message: 'The preview does not answer.',
  remedy: 'Is cloudconnexa-ecs preview still running? Start it again and reload this page.',
};

/**
 * Asks our server.
 * @throws ServerFault, or the signal's reason after an abort
 */
export async function ask<T>(path: string, query: URLSearchParams, signal: AbortSignal): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(`/api/${path}?${query.toString()}`, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new ServerFault({ ...gone, message: error instanceof Error ? gone.message : String(error) });
  }
  const body: unknown = await answer.json();
  if (!answer.ok) throw new ServerFault((body as Fault).error);
  return body as T;
}
