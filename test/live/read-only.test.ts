import { join } from 'node:path';
import { expect } from 'chai';
import { sampleTexts, writeLines } from '../support/event-files.js';
import { eventually } from '../support/eventually.js';
import { forEachEngine } from '../support/engine-matrix.js';
import { installAssets, workplace } from '../support/workplace.js';

forEachEngine('a data stream that a full disk made read-only', (engine) => {
  const block = { 'index.blocks.read_only_allow_delete': true };

  it('is named, with its remedy, by the test of the output and by a run that waits and loses nothing', async function () {
    this.timeout(90_000);
    await installAssets(engine);
    const place = await workplace(engine, { namespace: 'readonly' });
    const { events, stored } = place;
    await writeLines(join(events, 'one.jsonl'), sampleTexts(20, 20));
    expect((await place.cli(['run', '--once'])).code).to.equal(0);
    expect((await place.cli(['test', 'output'])).stdout).to.match(
      /ok {6}data streams: \d of namespace readonly, none of them/,
    );

    await stored.call('PUT', '/logs-cloudconnexa.*-readonly/_settings', block);
    const tested = await place.cli(['test', 'output']);
    expect(tested.stdout).to.match(
      /failed {2}data streams: CCX_OUTPUT_READ_ONLY: \.ds-logs-cloudconnexa\.\S+ takes no events: a disk of the cluster is full/,
    );
    expect(tested.code).to.equal(1);

    await writeLines(join(events, 'two.jsonl'), sampleTexts(10, 30));
    const run = place.start(['run', '--once']);
    const waits = (): Promise<boolean> => Promise.resolve(run.stderr().includes('Sending again after a wait'));
    await eventually(waits, true);
    await stored.call('PUT', '/logs-cloudconnexa.*-readonly/_settings', {
      'index.blocks.read_only_allow_delete': null,
    });
    const { code, stderr } = await run.ended;
    expect(stderr).to.match(/"code":"CCX_OUTPUT_READ_ONLY".*"detail":"\.ds-logs-cloudconnexa\.\S+ takes no events/);
    expect(code, stderr).to.equal(0);
    expect(await stored.count()).to.equal(30);
  });
});
