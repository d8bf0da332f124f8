import { expect } from 'chai';
import type { Fault } from '../support/bulk-server.js';
import { batchOf, startStage } from '../support/sending.js';

const index = '.ds-logs-cloudconnexa.flow-default-2026.11.23-000001';
const flood =
  'disk usage exceeded flood-stage watermark, index has read-only-allow-delete block; for more information, see https://www.elastic.co/';

/** Both items refused by the engine's answer. */
const items = (status: number, type: string, reason: string): Fault => ({
  kind: 'status',
  status: 200,
  body: { errors: true, items: [1, 2].map(() => ({ create: { status, error: { type, reason } } })) },
});
const whole = (status: number, type: string, reason: string): Fault => ({
  kind: 'status',
  status,
  body: { error: { type, reason }, status },
});
const block = 'cluster_block_exception';
const kept = 'Events are kept and sent again until that is mended.';

// The answers are those of Elasticsearch 8.19 and 9.5 and of OpenSearch 3.8.
const cases: [what: string, fault: Fault, told: object][] = [
  [
    'a full disk',
    items(429, block, `index [${index}] blocked by: [TOO_MANY_REQUESTS/12/${flood}];`),
    {
      level: 'warn',
      code: 'CCX_OUTPUT_READ_ONLY',
      status: 429,
      detail: `${index} takes no events: a disk of the cluster is full (flood stage watermark), so the engine made it read-only`,
      remedy:
        'Make room or add a data node. The engine then lifts the block by itself; if it does not: ' +
        `PUT /${index}/_settings {"index.blocks.read_only_allow_delete": null}.`,
      message: 'Sending again after a wait',
    },
  ],
  [
    'an index that somebody blocked',
    items(403, block, `index [${index}] blocked by: [FORBIDDEN/8/index write (api)];`),
    {
      level: 'error',
      code: 'CCX_OUTPUT_READ_ONLY',
      status: 403,
      remedy: `Find out who set index.blocks.write, and lift it: PUT /${index}/_settings {"index.blocks.write": null}.`,
      message: `${index} takes no events: it was blocked for writing (index.blocks.write). ${kept}`,
    },
  ],
  [
    'a cluster that somebody made read-only',
    whole(403, block, 'blocked by: [FORBIDDEN/6/cluster read-only (api)];'),
    {
      level: 'error',
      code: 'CCX_OUTPUT_READ_ONLY',
      remedy: 'Find out who set cluster.blocks.*, and lift it by PUT /_cluster/settings.',
      message: `the cluster takes no events: the whole cluster was made read-only (cluster.blocks.read_only or read_only_allow_delete). ${kept}`,
    },
  ],
  [
    'a missing privilege',
    items(
      403,
      'security_exception',
      'action [indices:data/write/bulk[s]] is unauthorized for user [a] with effective roles [b] on indices [c], this action is granted by the index privileges [create_doc,create,delete,index,write,all]',
    ),
    {
      level: 'error',
      code: 'CCX_OUTPUT_DENIED',
      remedy:
        'Grant the user, key or role one of the index privileges create_doc, create, delete, index, write, all; manifest.json lists the least that each command needs.',
    },
  ],
];

describe('while a cluster refuses events, the log explains', () => {
  for (const [what, fault, told] of cases) {
    it(what, async () => {
      const stage = await startStage({ script: [fault] });
      try {
        expect(await stage.deliver(batchOf(['a', 'b']))).to.include({ indexed: 2, duplicates: 0 });
        expect(stage.lines).to.have.lengthOf(1);
        expect(stage.lines[0]).to.include(told);
      } finally {
        await stage.close();
      }
    });
  }

  it('nothing of a queue that is full for the moment, which passes by itself', async () => {
    const rejected = items(429, 'es_rejected_execution_exception', 'rejected execution of primary operation');
    const stage = await startStage({ script: [rejected] });
    try {
      await stage.deliver(batchOf(['a', 'b']));
      expect(stage.lines[0]).to.include({ level: 'warn', detail: 'es_rejected_execution_exception' });
      expect(stage.lines[0]).not.to.have.any.keys('code', 'remedy');
    } finally {
      await stage.close();
    }
  });
});
