import { expect } from 'chai';
import { openRejectStore } from '../../src/reject.js';
import type { RejectRecord } from '../../src/record.js';
import { lastRecord } from '../support/cli.js';
import { forEachEngine } from '../support/engine-matrix.js';
import { sampleTexts, writeLines } from '../support/event-files.js';
import { installAssets, workplace, type Workplace } from '../support/workplace.js';

/** A mapping of somebody else's takes no vendor field that it does not know. */
const texts = sampleTexts(200).map((text, i) =>
  i % 4 === 0 ? JSON.stringify({ surprise: i, ...(JSON.parse(text) as object) }) : text,
);
const refuses = (text: string): boolean => text.startsWith('{"surprise"');

async function rejectsOf(place: Workplace): Promise<RejectRecord[]> {
  const store = await openRejectStore(place.dataDir);
  const records: RejectRecord[] = [];
  for await (const record of store.read()) records.push(record);
  await store.close();
  return records;
}

forEachEngine('events that the engine refuses', (engine) => {
  const namespace = 'refused';
  let place: Workplace;
  let code: number | null;
  let stderr: string;
  let records: readonly RejectRecord[];

  before(async function () {
    this.timeout(60_000);
    await installAssets(engine);
    place = await workplace(engine, { namespace });
    const unmapped = { type: 'object', dynamic: 'strict', properties: { known: { type: 'keyword' } } };
    const answer = await place.stored.call('PUT', '/_index_template/ccx-test-refusing', {
      index_patterns: [`logs-cloudconnexa.flow-${namespace}`],
      data_stream: {},
      priority: 900,
      composed_of: ['logs-cloudconnexa@settings'],
      template: { mappings: { properties: { cloudconnexa: { properties: { unmapped } } } } },
    });
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    await writeLines(`${place.events}/events.jsonl`, [...texts, '{"not": "whole"']);
    ({ code, stderr } = await place.cli(['run', '--once']));
    records = await rejectsOf(place);
    // The folder is removed after the first test; what a second run does must be seen before.
    await secondRun();
  });

  let again: Record<string, unknown>;
  async function secondRun(): Promise<void> {
    const ended = await place.cli(['run', '--once']);
    again = { code: ended.code, rejects: (await rejectsOf(place)).length };
  }

  it('end the run with 3, and are counted', () => {
    expect(code, stderr).to.equal(3);
    const refused = texts.filter(refuses).length;
    expect(lastRecord(stderr, 'Done')).to.include({
      indexed: texts.length - refused,
      duplicates: 0,
      rejected: refused + 1,
    });
  });

  it('do not keep the others from being stored', async () => {
    expect(await place.stored.count()).to.equal(texts.filter((text) => !refuses(text)).length);
  });

  it('are in the reject store as they were read, with the reason and where they were', () => {
    const refused = records.filter(({ reason }) => reason === 'refused_by_engine');
    expect(refused.map(({ event }) => event)).to.have.members(texts.filter(refuses));
    for (const record of refused) {
      expect(record).to.include({ status: 400, index: `logs-cloudconnexa.flow-${namespace}` });
      expect(record.origin).to.deep.equal({ input: 'file', path: `${place.events}/events.jsonl` });
      expect(record.detail).to.match(/surprise/);
      expect(record.error_type).to.equal('strict_dynamic_mapping_exception');
      expect(record.document_id).to.be.a('string');
    }
  });

  it('are told apart from what is no event', () => {
    const others = records.filter(({ reason }) => reason !== 'refused_by_engine');
    expect(others.map(({ event }) => event)).to.deep.equal(['{"not": "whole"']);
  });

  it('are not tried again by the next run', () => {
    expect(again).to.deep.equal({ code: 0, rejects: records.length });
  });
});
