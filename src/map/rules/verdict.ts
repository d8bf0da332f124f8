/** `event.type` and `event.action` of a flow; a flow without a verdict is just a connection. */
export interface VerdictFields {
  readonly type: readonly string[];
  readonly action: string | undefined;
}

const ALLOWED: VerdictFields = { type: ['connection', 'allowed'], action: 'flow_allowed' };
const DENIED: VerdictFields = { type: ['connection', 'denied'], action: 'flow_denied' };
const UNKNOWN: VerdictFields = { type: ['connection'], action: undefined };

export function verdict(allowed: boolean | undefined): VerdictFields {
  return allowed === undefined ? UNKNOWN : allowed ? ALLOWED : DENIED;
}
