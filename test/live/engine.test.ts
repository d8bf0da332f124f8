import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConnectorError } from '../../src/errors.js';
import { startEngine, type RunningEngine } from '../../src/engine/index.js';
import { capabilities, type Capability } from '../support/capabilities.js';
import { forEachEngine, startOrSkip } from '../support/engine-matrix.js';
import { eventually } from '../support/eventually.js';
import { measure } from '../support/probes.js';

forEachEngine('the engine', (engine) => {
  it('is of the version the catalog says', async () => {
    const answer = await fetch(`${engine.running().url}/_nodes/_local?filter_path=nodes.*.version`);
    const { nodes } = (await answer.json()) as { nodes: Record<string, { version: string }> };
    expect(Object.values(nodes).map((node) => node.version)).to.deep.equal([engine.spec.version]);
  });

  for (const capability of Object.keys(capabilities) as Capability[]) {
    const expected = engine.supports(capability);
    it(`${expected ? 'has' : 'lacks'} ${capability}`, async () => {
      // Some services (the licence's) start after the engine answers.
      if (expected) await eventually(() => measure(engine.running().url, capability), true);
      else expect(await measure(engine.running().url, capability)).to.equal(false);
    });
  }
});

async function send(engine: RunningEngine, method: string, path: string, body?: object): Promise<Response> {
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  return fetch(engine.url + path, { method, ...json });
}

describe('an engine of its own', function () {
  this.timeout(240_000);
  const id = 'opensearch-2';
  let engine: RunningEngine;

  before(async function () {
    engine = await startOrSkip(this, () => startEngine(id));
  });
  after(() => engine?.stop());

  it('keeps what it stored, and its address, when it is killed and started again', async () => {
    const { url, pid } = engine;
    await send(engine, 'PUT', '/kept/_doc/1', { value: 7 });
    await engine.kill();
    await engine.restart();
    const found = (await (await send(engine, 'GET', '/kept/_doc/1')).json()) as { _source: unknown };
    expect(found._source).to.deep.equal({ value: 7 });
    expect(engine.url).to.equal(url);
    expect(engine.pid).to.not.equal(pid);
  });

  it('answers nothing while it is killed', async () => {
    await engine.kill();
    const fault = await send(engine, 'GET', '/').catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(TypeError);
  });

  it('leaves no folder behind when it is stopped', async () => {
    const root = dirname(engine.dataDir);
    expect(existsSync(root)).to.equal(true);
    await engine.stop();
    expect(existsSync(root)).to.equal(false);
  });

  it('shows the end of its log when it cannot start', async () => {
    const fault = await startEngine(id, { settings: { 'no.such.setting': 1 } }).catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(ConnectorError).with.property('code', 'CCX_ENGINE_START_FAILED');
    expect((fault as ConnectorError).message).to.include('unknown setting [no.such.setting]');
  });
});
