import { learnSecrets } from '../redact.js';
import type { AwsAccess } from './access.js';

interface Identity {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Makes the credentials secrets of the process as soon as they are there: what answers may repeat them. `use` tells those of one configuration apart. */
export function known<Args extends readonly unknown[], One extends Identity>(
  config: AwsAccess,
  use: string,
  credentials: (...args: Args) => Promise<One>,
): (...args: Args) => Promise<One> {
  const { profile, role_arn, web_identity_token_file, access_key_id } = config;
  const source = ['aws', use, profile, role_arn, web_identity_token_file, access_key_id].join(' ');
  return async (...args) => {
    const one = await credentials(...args);
    learnSecrets(source, [one.secretAccessKey, one.sessionToken ?? '']);
    return one;
  };
}

/**
 * The same for a client of the SDK, which looks for its credentials by itself: a step after the signature, when they are there.
 * @returns what `middlewareStack.add` takes, for the step `deserialize`
 */
export function knownToClient(config: AwsAccess, credentials: () => Promise<Identity>) {
  const learn = known(config, 'client', credentials);
  return <Args, Answer>(next: (args: Args) => Promise<Answer>) =>
    async (args: Args): Promise<Answer> => {
      await learn();
      return next(args);
    };
}
