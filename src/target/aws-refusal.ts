import type { Explanation } from './reasons.js';

type Refusal = Pick<Explanation, 'message'> & { readonly remedy: string };

// The texts of Amazon's gateway before OpenSearch, as its users quote them; nothing but a text tells one 403 from another.
const refusals: readonly (readonly [RegExp, Refusal])[] = [
  [
    /^Signature (?:expired|not yet current)|is now (?:earlier|later) than/,
    {
      message: 'AWS refuses the signature because the clock of this machine differs too much',
      remedy: 'Set the clock of this machine (NTP): a signature is good for five minutes around its time.',
    },
  ],
  [
    /request signature we calculated does not match/,
    {
      message: 'AWS refuses the signature: the signature does not match the request',
      remedy:
        'Check output.aws.secret_access_key and output.aws.session_token; a proxy on the way must not change path, query, host or body.',
    },
  ],
  [
    /Credential should be scoped to/,
    {
      message: 'AWS refuses the signature: it is for another region or service',
      remedy: 'Set output.aws.region to that of the domain, and output.aws.service to es or, for Serverless, aoss.',
    },
  ],
  [
    /security token included in the request is|UnrecognizedClient|InvalidClientTokenId|ExpiredToken/,
    {
      message: 'AWS does not know the credentials, or they have expired',
      remedy:
        'Check output.aws.access_key_id and output.aws.session_token; a profile, a role or web_identity_token_file is renewed by itself.',
    },
  ],
  [
    /Missing Authentication Token|^User: anonymous is not authorized/i,
    {
      message: 'AWS wants requests to be signed',
      remedy: 'Set output.aws.service, and say under output.aws where the credentials are.',
    },
  ],
  [
    /^User: .* is not authorized to perform/,
    {
      message: 'AWS knows the credentials, but the policies of the domain do not let them in',
      remedy:
        "Allow es:ESHttp* on the domain, or aoss:APIAccessAll and a data access policy, and map the role to one of OpenSearch's.",
    },
  ],
];

/** What a 403 of AWS itself, and not of the engine behind it, means; undefined when it is none. The answer's text is not repeated: it quotes headers. */
export function awsRefusal(reason: string): Refusal | undefined {
  return refusals.find(([pattern]) => pattern.test(reason))?.[1];
}
