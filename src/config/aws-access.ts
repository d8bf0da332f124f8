/** The settings by which the connector is known to AWS, shared by the inputs and the output: a part of the one list of settings. */
import type { AwsAccessConfig } from '../config.js';
import type { SettingsOf } from './shape.js';

export const awsAccess = {
  region: {
    type: 'string',
    description:
      "AWS region. Absent: for sqs that of queue_url, otherwise the SDK's own search, AWS_REGION and the profile first.",
    example: 'eu-central-1',
  },
  access_key_id: {
    type: 'string',
    description:
      "Id of an access key; needs secret_access_key. Absent: the SDK's own search (environment, profile, container, instance).",
    example: 'AKIAIOSFODNN7EXAMPLE',
  },
  secret_access_key: {
    type: 'string',
    secret: true,
    description: 'The secret of the access key.',
    example: '${S3_SECRET_ACCESS_KEY}',
  },
  session_token: {
    type: 'string',
    secret: true,
    description: 'Session token of a temporary access key.',
    example: '${S3_SESSION_TOKEN}',
  },
  profile: {
    type: 'string',
    description: 'Profile of the shared AWS config and credentials files. Not together with access_key_id.',
    example: 'siem',
  },
  role_arn: {
    type: 'string',
    format: 'role_arn',
    description: 'Role to assume, with the credentials found or with web_identity_token_file.',
    example: 'arn:aws:iam::123456789012:role/cloudconnexa-logs-reader',
  },
  role_external_id: {
    type: 'string',
    description: 'External id that the role demands of who assumes it.',
    example: 'soc-4711',
  },
  role_session_name: {
    type: 'string',
    default: 'cloudconnexa-ecs',
    description: 'Name of the session, as CloudTrail shows it.',
    example: 'cloudconnexa-ecs',
  },
  web_identity_token_file: {
    type: 'string',
    description: 'File with an OpenID Connect token to assume role_arn with; read again when it is renewed.',
    example: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token',
  },
} as const satisfies SettingsOf<AwsAccessConfig>;

type Under<Prefix extends string, T> = { readonly [K in keyof T & string as `${Prefix}.${K}`]: T[K] };

/** The settings with `prefix` and a dot before their names. */
export function under<Prefix extends string, T extends object>(prefix: Prefix, entries: T): Under<Prefix, T> {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [`${prefix}.${name}`, entry])) as Under<
    Prefix,
    T
  >;
}
