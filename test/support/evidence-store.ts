import type { EcsDocument } from '../../src/map/event.js';
import type { JsonObject } from '../../src/record.js';
import type { StoredText } from './ordinary-day.js';
import type { EngineUnderTest } from './engine-matrix.js';

const LINES_A_REQUEST = 10_000;

/** Stores documents as they are: the cluster's own pipeline is passed by, as it would set the time of arrival and places. */
export async function storeDocuments(engine: EngineUnderTest, documents: readonly EcsDocument[]): Promise<void> {
  await storeTexts(
    engine,
    documents.map(({ index, id, document }) => ({ index, id, source: JSON.stringify(document) })),
  );
}

/** The same for documents that are JSON already. */
export async function storeTexts(engine: EngineUnderTest, documents: Iterable<StoredText>): Promise<void> {
  let lines: string[] = [];
  for (const { index, id, source } of documents) {
    lines.push(JSON.stringify({ create: { _index: index, _id: id } }), source);
    if (lines.length < LINES_A_REQUEST) continue;
    await sendBulk(engine, lines);
    lines = [];
  }
  await sendBulk(engine, lines);
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
    indicators.flatMap((indicator) => [JSON.stringify({ index: { _index: index } }), JSON.stringify(indicator)]),
  );
}

async function sendBulk(engine: EngineUnderTest, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const body = `${lines.join('\n')}\n`;
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
