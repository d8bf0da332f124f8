import type { OutputConfig } from '../config.js';
import type { Answer } from './answer.js';
import { explainImpostor, frontEndOf, serverName } from './impostor.js';
import type { Explanation } from './reasons.js';

/** The settings that tell which credentials requests carry. */
export type CredentialSettings = Partial<
  Pick<OutputConfig, 'api_key' | 'bearer_token' | 'username' | 'password' | 'aws'>
>;

/**
 * What a 401 means: who gives it, and what of the settings to mend.
 * @param reason What the answer says, one sentence.
 * @param output Which credentials were sent; without it all settings are named.
 */
export function explainUnauthorized(answer: Answer, reason: string, output?: CredentialSettings): Explanation {
  const frontEnd = explainFrontEnd(answer);
  if (frontEnd) return frontEnd;
  const who = speaker(answer);
  const settings = output && settingsOf(output);
  if (settings === undefined) {
    const remedy = `Check ${anySetting}; they may have expired.`;
    return { code: 'CCX_OUTPUT_DENIED', message: `${who} does not accept the credentials (401): ${reason}`, remedy };
  }
  return settings === ''
    ? {
        code: 'CCX_OUTPUT_DENIED',
        message: `${who} wants credentials, and none are configured (401): ${reason}`,
        remedy: `Set ${anySetting}; for Amazon's services, output.aws.service.`,
      }
    : {
        code: 'CCX_OUTPUT_DENIED',
        message: `${who} does not accept the credentials (401): ${reason}`,
        remedy: `Check ${settings}: wrong or expired, or of another cluster.`,
      };
}

/** The cause of what `ask` throws for a 401: who knows the settings can explain it better. */
export class Unauthorized extends Error {
  /** Holds the answer where no dump shows it. */
  readonly explain: (output?: CredentialSettings) => Explanation;

  constructor(answer: Answer, reason: string) {
    super(`HTTP status ${answer.status}`);
    this.explain = (output) => explainUnauthorized(answer, reason, output);
  }
}

/** Kibana or OpenSearch Dashboards in the place of the engine, which no credentials mend; undefined for any other answer. */
function explainFrontEnd(answer: Answer): Explanation | undefined {
  const found = frontEndOf(answer);
  return found && explainImpostor(found, answer.status);
}

const anySetting = 'output.api_key, output.bearer_token, or output.username and output.password';

/** In the order in which the client takes them; empty when there are none. */
function settingsOf(output: CredentialSettings): string {
  if (output.aws?.service !== undefined) return 'output.aws';
  if (output.api_key !== undefined) return 'output.api_key';
  if (output.bearer_token !== undefined) return 'output.bearer_token';
  const hasUser = output.username !== undefined && output.password !== undefined;
  return hasUser ? 'output.username and output.password' : '';
}

/** A page is a proxy's: engines refuse in JSON or, OpenSearch, in a word of plain text. */
function speaker({ body, headers }: Answer): string {
  if (typeof body !== 'string' || !body.trimStart().startsWith('<')) return 'the cluster';
  return `a proxy before the cluster (${serverName(headers, body) ?? 'which does not say its name'})`;
}
