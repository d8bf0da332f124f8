import type { Explanation } from './reasons.js';

/** Why an index, or the whole cluster, takes no documents. The names are those of the settings `index.blocks.*`. */
export type BlockKind = 'read_only_allow_delete' | 'read_only' | 'write' | 'closed' | 'cluster';

interface BlockFacts {
  /** Goes on where "X takes no events: " ended. */
  readonly cause: string;
  readonly remedy: string;
}

const lift = (setting: string): string =>
  `Find out who set ${setting}, and lift it: PUT /<index>/_settings {"${setting}": null}.`;

export const blocks: Readonly<Record<BlockKind, BlockFacts>> = {
  read_only_allow_delete: {
    cause: 'a disk of the cluster is full (flood stage watermark), so the engine made it read-only',
    remedy:
      'Make room or add a data node. The engine then lifts the block by itself; if it does not: PUT /<index>/_settings {"index.blocks.read_only_allow_delete": null}.',
  },
  read_only: { cause: 'it was made read-only (index.blocks.read_only)', remedy: lift('index.blocks.read_only') },
  write: { cause: 'it was blocked for writing (index.blocks.write)', remedy: lift('index.blocks.write') },
  closed: { cause: 'it is closed', remedy: 'Open it: POST /<index>/_open.' },
  cluster: {
    cause: 'the whole cluster was made read-only (cluster.blocks.read_only or read_only_allow_delete)',
    remedy: 'Find out who set cluster.blocks.*, and lift it by PUT /_cluster/settings.',
  },
};

// The numbers of blocks: IndexMetadata and Metadata of both engines.
const kindOfNumber: Readonly<Record<string, BlockKind>> = {
  '4': 'closed',
  '5': 'read_only',
  '6': 'cluster',
  '8': 'write',
  '12': 'read_only_allow_delete',
  '13': 'cluster',
};

/**
 * Explains a `cluster_block_exception` by its reason, such as
 * `index [.ds-…-000001] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, …];`.
 * Undefined for blocks that pass by themselves: no master yet, state not recovered.
 */
export function explainBlock(reason: string): Explanation | undefined {
  const number = /blocked by: \[[A-Z_]+\/(\d+)\//.exec(reason)?.[1];
  const kind = number === undefined ? undefined : kindOfNumber[number];
  if (kind === undefined) return undefined;
  return readOnly(/index \[([^\]]+)\]/.exec(reason)?.[1] ?? 'the cluster', kind);
}

/** Says that `index` takes no events, why, and what to do. */
export function readOnly(index: string, kind: BlockKind): Explanation {
  const { cause, remedy } = blocks[kind];
  return {
    code: 'CCX_OUTPUT_READ_ONLY',
    message: `${index} takes no events: ${cause}`,
    remedy: remedy.replaceAll('<index>', index),
  };
}
