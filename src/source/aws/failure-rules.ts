/** The failures that production meets, as data: how each is known, what it means and what helps. First match counts. */
import { proxyRemedies } from '../../proxy/remedies.js';
import type { AwsFailure, Seen } from './failure.js';

export interface Explanation {
  readonly kind: AwsFailure['kind'];
  /** What went wrong, without a full stop. */
  readonly says: string;
  readonly remedy: string;
}

interface Rule extends Omit<Explanation, 'remedy'> {
  readonly knows: (seen: Seen) => boolean;
  readonly remedy: string | ((seen: Seen, place: string) => string);
}

const named =
  (...names: readonly string[]) =>
  ({ name }: Seen): boolean =>
    names.includes(name);

const rules: readonly Rule[] = [
  {
    knows: ({ name, message }) => (name.startsWith('KMS.') && !/Throttl/.test(name)) || message.includes('kms:'),
    kind: 'denied',
    says: 'the key that the data is encrypted with cannot be used',
    remedy: 'Allow kms:Decrypt on the KMS key, in its key policy, too, and see that the key is enabled.',
  },
  {
    knows: named('RequestTimeTooSkewed', 'RequestExpired', 'SignatureExpired'),
    kind: 'transient',
    says: "this machine's clock and that of AWS differ too much",
    remedy: 'Set the clock of this machine (NTP); AWS takes requests for 15 minutes only.',
  },
  {
    knows: ({ name, message }) =>
      /^(ExpiredToken(Exception)?|TokenRefreshRequired)$/.test(name) ||
      /token .*expired|sso session .*expired/i.test(message),
    kind: 'denied',
    says: 'the credentials have expired',
    remedy:
      'Renew them, or let the SDK do it: use a profile, a role or web_identity_token_file instead of session_token.',
  },
  {
    knows: named('CredentialsProviderError', 'TokenProviderError', 'ProviderError'),
    kind: 'denied',
    says: 'no credentials for AWS were found, or they could not be loaded',
    remedy:
      'Give access_key_id and secret_access_key, profile, or role_arn, or let the environment, container or instance provide them.',
  },
  {
    knows: named(
      'InvalidAccessKeyId',
      'InvalidClientTokenId',
      'UnrecognizedClientException',
      'InvalidToken',
      'InvalidIdentityToken',
      'SignatureDoesNotMatch',
      'InvalidSignatureException',
      'NotSignedUp',
      'InvalidSecurity',
      'IncompleteSignature',
      'MissingAuthenticationToken',
      'AuthFailure',
    ),
    kind: 'denied',
    says: 'AWS does not know the credentials, or they do not match',
    remedy:
      'Check access_key_id, secret_access_key and session_token: they belong together, and a proxy must not change the requests.',
  },
  {
    knows: named('NoSuchBucket'),
    kind: 'missing',
    says: 'there is no such bucket',
    remedy: 'Check bucket, region and endpoint; some stores need path_style: true.',
  },
  {
    knows: named('NoSuchKey'),
    kind: 'missing',
    says: 'the object does not exist',
    remedy: 'It was deleted or renamed.',
  },
  {
    knows: ({ name }) => /(QueueDoesNotExist|NonExistentQueue)$/.test(name),
    kind: 'missing',
    says: 'there is no such queue',
    remedy: 'Check queue_url and its region, and that the credentials are of an account that may see the queue.',
  },
  {
    knows: ({ name, status }) => status === 412 || name === 'PreconditionFailed',
    kind: 'changed',
    says: 'the object was written anew',
    remedy: 'Nothing is lost: it is read again as it is now.',
  },
  {
    knows: ({ name, status }) =>
      status === 301 ||
      status === 307 ||
      ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'].includes(name),
    kind: 'other',
    says: 'the bucket is in another region, or behind another endpoint',
    remedy: ({ region }) =>
      region === undefined ? "Set region to the bucket's own, and check endpoint." : `Set region to ${region}.`,
  },
  {
    knows: named('InvalidObjectState'),
    kind: 'unfit',
    says: 'the object is archived (Glacier) and cannot be read',
    remedy: 'Restore it; it is tried again. Or let start_time leave older objects alone.',
  },
  {
    knows: ({ message }) => /server side encryption|customer.*encryption key/i.test(message),
    kind: 'unfit',
    says: 'the object is encrypted with a key that only its writer knows (SSE-C)',
    remedy: 'Let CloudConnexa write to a bucket with encryption by S3 or KMS keys.',
  },
  {
    knows: ({ name, message }) => name === 'ConfigError' || /^Region is missing/.test(message),
    kind: 'other',
    says: 'the AWS region is not known',
    remedy: 'Set region in the input, or AWS_REGION.',
  },
  {
    knows: ({ name, status }) =>
      [400, 403, 429, 503].includes(status ?? 0) &&
      /SlowDown|Throttl|RequestLimitExceeded|TooManyRequests|OverLimit/.test(name),
    kind: 'transient',
    says: 'AWS asks for fewer requests',
    remedy: 'Nothing is lost: it is tried again, more slowly. Should it last, lower parallel or raise poll_interval_s.',
  },
  {
    knows: ({ name, status }) => status === 401 || status === 403 || /^AccessDenied/.test(name),
    kind: 'denied',
    says: 'access is denied',
    remedy: (_seen, place) => rightsFor(place),
  },
  {
    knows: ({ name }) => name.startsWith('PROXY_') || name === 'CCX_PROXY_SETTING',
    kind: 'transient',
    says: 'the proxy of HTTPS_PROXY or HTTP_PROXY does not let the connector through',
    remedy: ({ name }) => proxyRemedies[name] ?? 'Check HTTPS_PROXY and HTTP_PROXY, or name the host in NO_PROXY.',
  },
  {
    knows: named('ECONNREFUSED'),
    kind: 'transient',
    says: 'the connection is refused',
    remedy: 'Check endpoint, with its port, and that the service runs.',
  },
  {
    knows: named('ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL'),
    kind: 'transient',
    says: 'the host name is not known',
    remedy: 'Check endpoint, region and DNS; a store of your own may need path_style: true.',
  },
  {
    knows: ({ name, message }) =>
      /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|^ERR_(TLS|SSL)/.test(name) || /SSL routines/.test(message),
    kind: 'other',
    says: 'no trusted TLS connection could be made',
    remedy: 'Check endpoint (http or https, host name); for a CA of your own set NODE_EXTRA_CA_CERTS to its file.',
  },
  {
    knows: ({ name, status }) =>
      status === 408 ||
      status === 429 ||
      (status ?? 0) >= 500 ||
      /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|EPROTO|HPE_|ERR_STREAM|UND_ERR|TimeoutError)/.test(name),
    kind: 'transient',
    says: 'the service does not answer as it should, or the connection broke',
    remedy: 'Check the network to it; it is tried again.',
  },
  {
    knows: ({ status }) => status === 404,
    kind: 'missing',
    says: 'what was asked for does not exist',
    remedy: 'Check endpoint, and that what answers there speaks the protocol of AWS.',
  },
];

const fallback: Rule = {
  knows: () => true,
  kind: 'other',
  says: 'the request failed',
  remedy: 'Mend what the message says; check that what answers at endpoint speaks the protocol of AWS.',
};

export function ruleFor(seen: Seen, place: string): Explanation {
  const { kind, says, remedy } = rules.find(({ knows }) => knows(seen)) ?? fallback;
  return { kind, says, remedy: typeof remedy === 'string' ? remedy : remedy(seen, place) };
}

function rightsFor(place: string): string {
  const [, bucket, key] = /^s3:\/\/([^/]+)(\/.+)?$/s.exec(place) ?? [];
  if (bucket === undefined)
    return 'Allow sqs:ReceiveMessage, sqs:DeleteMessage and sqs:ChangeMessageVisibility on the queue.';
  const list = `s3:ListBucket on arn:aws:s3:::${bucket}`;
  if (key === undefined) return `Allow ${list}, and s3:GetObject on arn:aws:s3:::${bucket}/*.`;
  return `Allow s3:GetObject on arn:aws:s3:::${bucket}/*, and ${list}: without it AWS denies objects that do not exist, too.`;
}
