import { expect } from 'chai';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mapEvent } from '../../src/map/event.js';
import { openRejectStore } from '../../src/reject.js';
import { sampleEvents } from '../../src/sample/events.js';
import { attacksWithEvents } from '../support/attack-events.js';
import { arbitraryEvent } from '../support/arbitrary-events.js';
import { forEachEngine } from '../support/engine-matrix.js';
import { sampleEnd, writeLines } from '../support/event-files.js';
import { nastyEvents } from '../support/nasty-events.js';
import { fileNames } from '../support/hostile-texts.js';
import { installAssets, workplace, type Workplace } from '../support/workplace.js';

const arbitraryTexts = fc.sample(arbitraryEvent, { numRuns: 2000, seed: 20_260 }).map((event) => JSON.stringify(event));
const nasty = nastyEvents();

/** The inputs under test/cases, each on one line. */
function caseTexts(): string[] {
  const folder = fileURLToPath(new URL('../cases/', import.meta.url));
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.input.json'))
    .map((name) => JSON.stringify(JSON.parse(readFileSync(folder + name, 'utf8'))));
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

/** All that a run may leave in `data_dir`. */
const OUR_FILES = /^(?:checkpoint(?:\.previous)?\.json|rejects|rejects\/[\w.-]+|run\.lock(?:\.\w+)?)$/;

/** Why the engine refused events, by what is nasty about them. */
async function refusals(place: Workplace): Promise<Record<string, string>> {
  const store = await openRejectStore(place.dataDir);
  const found: Record<string, string> = {};
  for await (const { event = '', status, error_type, reason, detail } of store.read()) {
    const name = Object.entries(nasty).find(([, text]) => text === event)?.[0] ?? event.slice(0, 500);
    found[name] = `${reason} ${status} ${error_type}: ${detail}`.slice(0, 500);
  }
  await store.close();
  return found;
}

forEachEngine('any valid event', (engine) => {
  before(async function () {
    this.timeout(60_000);
    await installAssets(engine);
  });

  it('of a generator of lies is stored', async function () {
    this.timeout(120_000);
    const place = await workplace(engine, { namespace: 'arbitrary' });
    await writeLines(`${place.events}/arbitrary.jsonl`, arbitraryTexts);
    const { rejected } = await place.ship();
    expect(await refusals(place)).to.deep.equal({});
    expect(rejected).to.equal(0);
    expect(await place.stored.count()).to.equal(new Set(arbitraryTexts.map((text) => mapEvent(text).id)).size);
  });

  it('of the cases and of the sample is stored, each in the data stream of its dataset', async function () {
    this.timeout(120_000);
    const place = await workplace(engine, { namespace: 'cases' });
    const texts = [...caseTexts(), ...sampleEvents({ seed: 4, count: 2000, end: sampleEnd })];
    await writeLines(`${place.events}/ordinary.jsonl`, texts);
    const { rejected } = await place.ship();
    expect(await refusals(place)).to.deep.equal({});
    expect(rejected).to.equal(0);
    const documents = new Map(texts.map((text) => [mapEvent(text).id, mapEvent(text).document]));
    const datasets = [...documents.values()].map((document) => (document['event'] as { dataset: string }).dataset);
    expect(await place.stored.terms('event.dataset')).to.deep.equal(countBy(datasets));
  });

  it('made to be nasty is stored', async function () {
    this.timeout(120_000);
    const place = await workplace(engine, { namespace: 'nasty' });
    await writeLines(`${place.events}/nasty.jsonl`, Object.values(nasty));
    const { rejected } = await place.ship();
    expect(await refusals(place)).to.deep.equal({});
    expect(rejected).to.equal(0);
    expect(await place.stored.count()).to.equal(new Set(Object.values(nasty)).size);
  });

  it('of the attacks by input is stored under the id that the library gives, and no file of ours is named after any', async function () {
    this.timeout(120_000);
    const place = await workplace(engine, { namespace: 'attacks' });
    const attacks = await attacksWithEvents();
    for (const [i, { attack }] of attacks.entries())
      await writeFile(join(place.events, `${fileNames[i % fileNames.length] ?? ''}-${attack.name}`), attack.bytes);
    const { rejected } = await place.ship();
    expect(rejected).to.equal(attacks.reduce((sum, one) => sum + one.rejected, 0));
    const ids = new Set(attacks.flatMap((one) => one.ids));
    const { hits } = await place.stored.search({ size: 10_000, _source: false });
    expect(new Set(hits.hits.map(({ _id }) => _id))).to.deep.equal(ids);
    expect(hits.total.value).to.equal(ids.size);
    const left = await readdir(place.dataDir, { recursive: true });
    expect(left.filter((name) => !OUR_FILES.test(name))).to.deep.equal([]);
    expect(left).to.include('rejects');
  });

  it('made to be nasty keeps its time where that can be read', async () => {
    const times = Object.values(nasty).map((text) => (JSON.parse(text) as { timestamp?: unknown }).timestamp);
    const place = await workplace(engine, { namespace: 'nasty' });
    for (const [query, expected] of [
      [{ range: { '@timestamp': { lt: '1970-01-01T00:00:00Z' } } }, /^(?:0000|0001|1969)-/],
      [{ range: { '@timestamp': { gte: '9999-01-01T00:00:00Z' } } }, /^9999-/],
    ] as const) {
      const count = times.filter((time) => typeof time === 'string' && expected.test(time)).length;
      expect(await place.stored.count(query)).to.equal(count);
    }
  });
});
