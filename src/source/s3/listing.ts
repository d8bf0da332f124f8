import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client, type _Object } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { explainAws, type AwsFailure } from '../aws/failure.js';
import { withinTime } from '../aws/idle.js';

/** An object as the listing shows it. */
export interface Listed {
  readonly key: string;
  /** As the store writes it, with its quotation marks. */
  readonly etag: string;
  /** LastModified, in milliseconds since 1970. */
  readonly ms: number;
  readonly size: number;
  /** In a storage class that cannot be read without restoring. */
  readonly archived: boolean;
}

export type Page =
  | { readonly kind: 'page'; readonly objects: readonly Listed[]; readonly more: boolean }
  | { readonly kind: 'failed'; readonly failure: AwsFailure };

export interface PageWanted {
  readonly bucket: string;
  readonly prefix: string;
  /** Objects whose key comes behind this one; empty: from the first. */
  readonly after: string;
}

const ANSWER_WITHIN_MS = 120_000;

/**
 * At most 1,000 objects in the order of their keys' UTF-8 bytes. Pages are asked for by the last key and not by the listing's
 * token, so that each page stands for itself, however long ago the one before was. Throws the signal's reason on an abort only.
 */
export async function listPage(
  client: S3Client,
  wanted: PageWanted,
  watch: { signal: AbortSignal; clock: Clock },
): Promise<Page> {
  const { bucket, prefix, after } = wanted;
  const ask = (token?: string): Promise<ListObjectsV2CommandOutput> => {
    const command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      // Keys may hold characters that XML has no way to carry.
      EncodingType: 'url',
      ...(after === '' ? {} : { StartAfter: after }),
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
    return withinTime(ANSWER_WITHIN_MS, watch, (abortSignal) => client.send(command, { abortSignal }));
  };
  try {
    let answer = await ask();
    // A page may hold nothing but deleted versions: it has a token and no key to go on from.
    for (let token = tokenOfEmpty(answer); token !== undefined; token = otherThan(token, tokenOfEmpty(answer)))
      answer = await ask(token);
    const decode = answer.EncodingType === 'url' ? decodeKey : (key: string): string => key;
    const objects = (answer.Contents ?? []).map((found) => toListed(found, decode));
    const more = answer.IsTruncated === true;
    const last = objects.at(-1)?.key;
    if (more && (last === undefined || last === after))
      throw new Error('the listing does not go on behind the last key: the store does not know start-after');
    return { kind: 'page', objects, more };
  } catch (error) {
    watch.signal.throwIfAborted();
    return { kind: 'failed', failure: explainAws(error, `s3://${bucket}`) };
  }
}

function tokenOfEmpty({
  Contents = [],
  IsTruncated,
  NextContinuationToken,
}: ListObjectsV2CommandOutput): string | undefined {
  return Contents.length === 0 && IsTruncated === true ? NextContinuationToken : undefined;
}

/** The same token again leads nowhere. */
function otherThan(token: string, next: string | undefined): string | undefined {
  return next === token ? undefined : next;
}

/** Knows an object in this version: the same key with another ETag is another one. */
export function digestOf({ key, etag }: Pick<Listed, 'key' | 'etag'>): string {
  const digest = createHash('sha256')
    .update(`${key}\0${etag.replaceAll('"', '')}`)
    .digest();
  return digest.subarray(0, DIGEST_BYTES).toString('base64url');
}

const DIGEST_BYTES = 12;
/** Characters of a digest. */
export const DIGEST_LENGTH = (DIGEST_BYTES / 3) * 4;

function toListed({ Key, ETag, LastModified, Size, StorageClass }: _Object, decode: (key: string) => string): Listed {
  if (Key === undefined || ETag === undefined || LastModified === undefined)
    throw new Error('the listing has an object without a key, an ETag or a time');
  return {
    key: decode(Key),
    etag: ETag,
    ms: LastModified.getTime(),
    size: Size ?? 0,
    archived: StorageClass === 'GLACIER' || StorageClass === 'DEEP_ARCHIVE',
  };
}

/** As forms do it: S3 writes a blank as `+`, and a plus sign as `%2B`. */
function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}
