import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import { fromIni, fromTemporaryCredentials, fromTokenFile } from '@aws-sdk/credential-providers';
import type { AwsAccessConfig } from '../config.js';
import { proxiedAgents } from '../proxy/agents.js';
import { known } from './known.js';

/** Who the connector is to AWS; `endpoint` only of those that speak to a store. */
export type AwsAccess = AwsAccessConfig & { readonly endpoint?: string };

type Credentials = NonNullable<SQSClientConfig['credentials']>;
type StsConfig = NonNullable<Parameters<typeof fromTemporaryCredentials>[0]['clientConfig']>;

interface Basics {
  readonly region?: string;
  readonly maxAttempts: number;
  readonly retryMode: 'standard';
  readonly customUserAgent: string;
  readonly logger: typeof silent;
}

/** What a client of any service is made with. */
export interface ClientOptions extends Basics {
  readonly credentials?: Credentials;
  readonly profile?: string;
}

/** Time to a connection; to the head of an answer (a queue takes up to 20 s of it by itself); of silence in one. */
const CONNECT_MS = 10_000;
const ANSWER_MS = 45_000;
export const SILENCE_MS = 60_000;
/** More than the largest `parallel`: a request that waits for a connection would count as one without an answer. */
const MAX_SOCKETS = 256;

/**
 * Where roles are assumed. Undefined: where AWS_ENDPOINT_URL_STS says, or else at the region's own STS. A store of another
 * maker gives out credentials at its own address, while private endpoints of AWS serve nothing but their service.
 */
export function stsEndpoint({ endpoint }: Pick<AwsAccess, 'endpoint'>, env = process.env): string | undefined {
  if (endpoint === undefined || env['AWS_ENDPOINT_URL_STS'] !== undefined) return undefined;
  return /(^|\.)(amazonaws\.com(\.cn)?|api\.aws)$/.test(new URL(endpoint).hostname) ? undefined : endpoint;
}

/**
 * Region, credentials and manners of a client of any service. What the configuration does not give is left to the SDK's own
 * search, at the first request.
 */
export function clientOptions(config: AwsAccess): ClientOptions {
  const credentials = credentialsOf(config);
  return {
    ...basics(config),
    ...(credentials === undefined ? {} : { credentials }),
    // Also for the region, which the profile may have.
    ...(config.profile === undefined ? {} : { profile: config.profile }),
  };
}

function basics({ region }: AwsAccess): Basics {
  return {
    ...(region === undefined ? {} : { region }),
    maxAttempts: 3,
    retryMode: 'standard',
    customUserAgent: 'cloudconnexa-ecs',
    logger: silent,
  };
}

/** How requests are sent: bounded in time. `socketTimeout` 0: but for the reading of a body. */
export function handlerOptions(socketTimeout: number): Readonly<Record<string, unknown>> {
  const { http, https } = proxiedAgents({ keepAlive: true, maxSockets: MAX_SOCKETS }, CONNECT_MS);
  return {
    connectionTimeout: CONNECT_MS,
    requestTimeout: ANSWER_MS,
    throwOnRequestTimeout: true,
    socketTimeout,
    httpAgent: http,
    httpsAgent: https,
  };
}

/** Undefined: the SDK's own search. */
function credentialsOf(config: AwsAccess): Credentials | undefined {
  const { role_arn: RoleArn, role_external_id: ExternalId, role_session_name: RoleSessionName } = config;
  const base = baseCredentials(config);
  if (RoleArn === undefined) return base;
  const clientConfig = stsConfig(config);
  if (config.web_identity_token_file !== undefined)
    return fromTokenFile({
      webIdentityTokenFile: config.web_identity_token_file,
      roleArn: RoleArn,
      roleSessionName: RoleSessionName,
      clientConfig,
    });
  return fromTemporaryCredentials({
    ...(base === undefined ? {} : { masterCredentials: base }),
    params: { RoleArn, RoleSessionName, ...(ExternalId === undefined ? {} : { ExternalId }) },
    clientConfig,
  });
}

function baseCredentials(config: AwsAccess): Credentials | undefined {
  const { access_key_id: accessKeyId, secret_access_key: secretAccessKey, session_token: sessionToken } = config;
  if (accessKeyId !== undefined && secretAccessKey !== undefined)
    return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  // Named and not searched for: were the profile missing, the search would end at the rights of the machine.
  return config.profile === undefined
    ? undefined
    : known(config, 'profile', fromIni({ profile: config.profile, clientConfig: stsConfig(config) }));
}

function stsConfig(config: AwsAccess): StsConfig {
  const endpoint = stsEndpoint(config);
  return {
    ...basics(config),
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: handlerOptions(SILENCE_MS),
  };
}

/** The SDK's log has whole requests, and goes to the console when there is none. */
const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {
  // Said by our own log, in plain words.
}
