import { isOutOfShards, type Refusal } from '../bulk-answer.js';
import { awsRefusal } from './aws-refusal.js';
import { explainBlock } from './blocks.js';
import type { Explanation } from './reasons.js';

/**
 * Explains why a cluster refuses an item or a request, by its error type and words. Undefined for what passes by itself,
 * such as a full queue, and for what the words of the cluster explain best.
 */
export function explainRefusal(refusal: Refusal): Explanation | undefined {
  const { status, type, reason } = refusal;
  if (type === 'cluster_block_exception') return explainBlock(reason);
  if (isOutOfShards(refusal)) return noShards(reason);
  if (status === 403) return denied(reason);
  return undefined;
}

function noShards(reason: string): Explanation {
  const counts = /\[(\d+)\]\/\[(\d+)\]/.exec(reason);
  const limit = counts === null ? '' : ` (${counts[1]} of ${counts[2]})`;
  return {
    code: 'CCX_OUTPUT_NO_SHARDS',
    message: `the cluster makes no new index: its limit of shards is reached${limit}`,
  };
}

/** @param reason As the security of Elasticsearch, of OpenSearch, or AWS words it. */
export function denied(reason: string): Explanation {
  const ofAws = awsRefusal(reason);
  if (ofAws) return { code: 'CCX_OUTPUT_DENIED', ...ofAws };
  return {
    code: 'CCX_OUTPUT_DENIED',
    message: `the credentials are right but lack a privilege (403): ${reason}`,
    remedy: grant(reason) ?? 'Grant the privileges that manifest.json lists to this user, key or role.',
  };
}

/** What OpenSearch's security says is lacking, `a, b` for several; undefined for other texts. */
export function lackingPermissions(reason: string): string | undefined {
  return /no permissions for \[(.+?)\](?: and | on |$)/.exec(reason)?.[1];
}

function grant(reason: string): string | undefined {
  const elastic = /granted by the (\w+) privileges \[([^\]]+)\]/.exec(reason);
  if (elastic !== null) {
    const names = (elastic[2] ?? '').split(',');
    return `Grant the user, key or role one of the ${elastic[1]} privileges ${names.join(', ')}; manifest.json lists the least that each command needs.`;
  }
  const opensearch = lackingPermissions(reason);
  if (opensearch === undefined) return undefined;
  return `Grant a role of the user the permission ${opensearch}; manifest.json lists what each command needs.`;
}
