import { expect } from 'chai';
import { mapEvent } from '../../src/map/event.js';
import { targetFields } from '../../src/map/fields.js';
import { lastRecord, type Ended } from '../support/cli.js';
import type { Stored } from '../support/engine-data.js';
import { forEachEngine } from '../support/engine-matrix.js';
import { sampleEnd, sampleTexts, writeEveryForm, writeLines } from '../support/event-files.js';
import { installAssets, workplace } from '../support/workplace.js';

interface Flow {
  readonly timestamp: string;
  readonly initiatorName: string;
  readonly initiator: string;
  readonly initiatorPublicIp: string;
  readonly log: {
    readonly allowed: boolean;
    readonly sourceIp: string;
    readonly destinationEntityIp: string;
    readonly destinationPort?: number;
  };
}

const texts = sampleTexts(1800);
const flows = texts.map((text) => JSON.parse(text) as Flow);

/** The mapping's rule: an id that is an e-mail address is the user's name. */
const userName = ({ initiator, initiatorName }: Flow): string => (initiator.includes('@') ? initiator : initiatorName);

const counted = (test: (flow: Flow) => boolean): number => flows.filter(test).length;

/** What the engine must say when it is asked for terms. */
function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

forEachEngine('shipped events', (engine) => {
  const namespace = 'ship';
  let ended: Ended;
  let stored: Stored;
  let startedAt: Date;

  before(async function () {
    this.timeout(120_000);
    await installAssets(engine);
    const place = await workplace(engine, { namespace });
    stored = place.stored;
    await writeEveryForm(place.events, texts);
    startedAt = new Date();
    ended = await place.cli(['run', '--once']);
  });

  it('are all reported as stored', () => {
    expect(ended.code, ended.stderr).to.equal(0);
    const { indexed, duplicates, rejected } = lastRecord(ended.stderr, 'Done');
    expect({ indexed, duplicates, rejected }).to.deep.equal({ indexed: texts.length, duplicates: 0, rejected: 0 });
  });

  it('are all there, from files of every form', async () => {
    expect(await stored.count()).to.equal(texts.length);
  });

  it('are stored as the mapper made them', async () => {
    const text = texts[7] ?? '';
    const { hits } = await stored.search({
      query: { term: { 'event.id': (JSON.parse(text) as { traceId: string }).traceId } },
    });
    const expected = mapEvent(text, { namespace }).document;
    const found = hits.hits[0]?._source ?? {};
    expect(hits.total.value).to.equal(1);
    expect(found).to.include.keys(Object.keys(expected));
    for (const name of [
      '@timestamp',
      'user',
      'network',
      'cloudconnexa',
      'related',
      'organization',
      'observer',
      'message',
    ])
      expect(found[name], name).to.deep.equal(expected[name]);
  });

  it('are found by verdict, counted by user', async () => {
    const denied = flows.filter(({ log }) => !log.allowed);
    const found = await stored.terms('user.name', { term: { 'event.type': 'denied' } });
    expect(denied).to.have.length.above(50);
    expect(found).to.deep.equal(tally(denied.map(userName)));
  });

  it('are found by the name of a user', async () => {
    const user = userName(flows.find(({ log }) => !log.allowed) as Flow);
    const own = counted((flow) => userName(flow) === user && !flow.log.allowed);
    const filter = [{ term: { 'user.name': user } }, { term: { 'event.type': 'denied' } }];
    expect(await stored.count({ bool: { filter } })).to.equal(own);
    expect(await stored.terms('user.name')).to.deep.equal(tally(flows.map(userName)));
  });

  it('are found by a network in CIDR notation', async () => {
    const within = counted(({ log }) => log.destinationEntityIp.startsWith('10.'));
    expect(within).to.be.above(100).and.below(texts.length);
    expect(await stored.count({ term: { 'destination.ip': '10.0.0.0/8' } })).to.equal(within);
    expect(await stored.count({ term: { 'source.ip': '100.96.0.0/11' } })).to.equal(
      counted(({ log }) => /^100\.(?:9[6-9]|1[01]\d|12[0-7])\./.test(log.sourceIp)),
    );
  });

  it('are found by a range of ports', async () => {
    const low = counted(({ log }) => (log.destinationPort ?? 99_999) < 1024);
    expect(await stored.count({ range: { 'destination.port': { lt: 1024 } } })).to.equal(low);
  });

  it('are found by any address that is in them', async () => {
    const { log, initiatorPublicIp } = flows[11] as Flow;
    for (const ip of [log.sourceIp, log.destinationEntityIp, initiatorPublicIp]) {
      const having = counted((flow) =>
        [flow.log.sourceIp, flow.log.destinationEntityIp, flow.initiatorPublicIp].includes(ip),
      );
      expect(await stored.count({ term: { 'related.ip': ip } }), ip).to.equal(having);
    }
  });

  it('are found by their time', async () => {
    const from = new Date(sampleEnd.getTime() - 6 * 3_600_000).toISOString();
    const late = counted(({ timestamp }) => timestamp >= from);
    expect(late).to.be.above(100).and.below(texts.length);
    expect(await stored.count({ range: { '@timestamp': { gte: from } } })).to.equal(late);
  });

  it('are found by the time at which they were stored', async () => {
    const range = (from: Date) => ({ range: { 'event.ingested': { gte: from.toISOString(), lte: 'now' } } });
    expect(await stored.count(range(startedAt))).to.equal(texts.length);
    expect(await stored.count({ range: { 'event.ingested': { lt: startedAt.toISOString() } } })).to.equal(0);
  });

  it('have the field types of the list', async () => {
    const { body } = await stored.call('GET', `/logs-cloudconnexa.flow-${namespace}/_field_caps?fields=*`);
    const caps = (body as { fields: Record<string, Record<string, unknown>> }).fields;
    const wrong = targetFields().flatMap(({ name, type }) => {
      const found = Object.keys(caps[name] ?? { nothing: 0 })[0] ?? '';
      return typesOf(type).includes(found) ? [] : [`${name}: ${type} in the list, ${found} in the engine`];
    });
    expect(wrong).to.deep.equal([]);
  });

  it('make no field that is not in the list', async () => {
    const { body } = await stored.call('GET', `/logs-cloudconnexa.flow-${namespace}/_field_caps?fields=*`);
    const caps = (body as { fields: Record<string, Record<string, { metadata_field?: boolean }>> }).fields;
    const known = new Set(targetFields().map(({ name }) => name));
    const isKnown = (name: string): boolean => known.has(name) || [...known].some((one) => one.startsWith(`${name}.`));
    const isOurs = (name: string): boolean => !name.startsWith('_') && !('object' in (caps[name] ?? {}));
    const strange = Object.keys(caps).filter((name) => isOurs(name) && !isKnown(name));
    expect(strange.filter((name) => !/\.(?:_value|_valueAndPath)?$/.test(name))).to.deep.equal([]);
  });

  const unmapped = engine.supports('flattened') || engine.supports('flat_object');
  it(`are ${unmapped ? '' : 'not '}found by vendor fields that no list knows`, async function () {
    this.timeout(60_000);
    const place = await workplace(engine, { namespace: 'unmapped' });
    const event = { ...(JSON.parse(texts[0] ?? '') as object), newField: 'brand new', nested: { deeper: 'value' } };
    await writeLines(`${place.events}/one.json`, [JSON.stringify(event), texts[1] ?? '']);
    expect((await place.cli(['run', '--once'])).code).to.equal(0);
    const found = [
      await place.stored.count({ term: { 'cloudconnexa.unmapped.newField': 'brand new' } }),
      await place.stored.count({ term: { 'cloudconnexa.unmapped.nested.deeper': 'value' } }),
      await place.stored.count({ term: { 'cloudconnexa.unmapped.newField': 'other' } }),
    ];
    expect(found).to.deep.equal(unmapped ? [1, 1, 0] : [0, 0, 0]);
  });
});

/** The types an engine may have for a type of the list: the replacements that setup names where the engine lacks it. */
function typesOf(type: string): readonly string[] {
  switch (type) {
    case 'constant_keyword':
      return ['constant_keyword', 'keyword'];
    case 'match_only_text':
      return ['match_only_text', 'text'];
    case 'flattened':
      return ['flattened', 'flat_object'];
    default:
      return [type];
  }
}
