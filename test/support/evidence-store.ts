import type { EcsDocument } from '../../src/map/event.js';
import type { JsonObject } from '../../src/record.js';
import type { EngineUnderTest } from './engine-matrix.js';

const DOCUMENTS_A_REQUEST = 5000;

/** Stores documents as they are: the cluster's own pipeline is passed by, as it would set the time of arrival and places. */
export async function storeDocuments(engine: EngineUnderTest, documents: readonly EcsDocument[]): Promise<void> {
  for (let i = 0; i < documents.length; i += DOCUMENTS_A_REQUEST) {
    const some = documents.slice(i, i + DOCUMENTS_A_REQUEST);
    const lines = some.flatMap(({ index, id, document }) => [{ create: { _index: index, _id: id } }, document]);
    await sendBulk(engine, lines);
  }
}

/** Stores threat intelligence in an index of its own, typed as in Elastic's integrations. */
export async function storeIndicators(
  engine: EngineUnderTest,
  index: string,
  indicators: readonly JsonObject[],
): Promise<void> {
  const ip = { properties: { indicator: { properties: { ip: { type: 'ip' } } } } };
  const mappings = { properties: { '@timestamp': { type: 'date' }, threat: ip } };
  await send(engine, 'PUT', `/${index}`, JSON.stringify({ mappings }), 'application/json');
  await sendBulk(
    engine,
    indicators.flatMap((indicator) => [{ index: { _index: index } }, indicator]),
  );
}

async function sendBulk(engine: EngineUnderTest, lines: readonly object[]): Promise<void> {
  const body = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
  const answer = await send(engine, 'POST', '/_bulk?pipeline=_none&refresh=true', body, 'application/x-ndjson');
  const { errors, items } = answer as { errors: boolean; items: { create?: { error?: unknown } }[] };
  if (errors) throw new Error(JSON.stringify(items.find((item) => item.create?.error !== undefined)));
}

async function send(
  engine: EngineUnderTest,
  method: string,
  path: string,
  body: string,
  type: string,
): Promise<unknown> {
  const answer = await fetch(engine.running().url + path, { method, body, headers: { 'content-type': type } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
}
