import { join } from 'node:path';
import { expect } from 'chai';
import { sampleTexts, writeLines } from '../support/event-files.js';
import { eventually } from '../support/eventually.js';
import { forEachEngine } from '../support/engine-matrix.js';
import { installAssets, workplace } from '../support/workplace.js';

forEachEngine('a cluster that may make no further index', (engine) => {
  it('is waited for: nothing of a new data stream is rejected', async function () {
    this.timeout(90_000);
    await installAssets(engine);
    const place = await workplace(engine, {
      namespace: 'shardless',
      output: { retry: { auth_wait_s: 0.5 } },
    });
    const { events, stored } = place;
    const limit = (shards: number | null): Promise<unknown> =>
      stored.call('PUT', '/_cluster/settings', { persistent: { 'cluster.max_shards_per_node': shards } });
    await limit(1);
    try {
      await writeLines(join(events, 'one.jsonl'), sampleTexts(20, 21));
      const run = place.start(['run', '--once']);
      await eventually(() => Promise.resolve(run.stderr().includes('CCX_OUTPUT_NO_SHARDS')), true);
      await limit(null);
      const { code, stderr } = await run.ended;
      expect(code, stderr).to.equal(0);
      expect(await stored.count()).to.equal(20);
    } finally {
      await limit(null);
    }
  });
});
