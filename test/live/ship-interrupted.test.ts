import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { writeFile } from 'node:fs/promises';
import { createRandom } from '../../src/sample/random.js';
import { lastRecord } from '../support/cli.js';
import { forEachEngine } from '../support/engine-matrix.js';
import { sampleTexts, writeLines } from '../support/event-files.js';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.js';
import { installAssets, workplace } from '../support/workplace.js';

const output = { batch: { max_events: 50 } };
const withWorkers = (count: number): { env: Record<string, string> } => ({
  env: { CLOUDCONNEXA_ECS_WORKERS: String(count) },
});

forEachEngine('shipping that is interrupted', (engine) => {
  let proxy: FaultProxy | undefined;
  let onBulk: (number: number) => unknown = () => undefined;

  before(async function () {
    this.timeout(60_000);
    await installAssets(engine);
  });
  afterEach(async () => {
    await proxy?.close();
    proxy = undefined;
  });

  async function startProxy(): Promise<string> {
    proxy = await startFaultProxy({ target: engine.running().url, onBulk: (number) => onBulk(number) });
    return proxy.url;
  }

  it('loses nothing when it is killed at ten random moments', async function () {
    this.timeout(120_000);
    const random = createRandom(6);
    const place = await workplace(engine, { namespace: 'killed', url: await startProxy(), output });
    const texts: string[] = [];
    for (let life = 0; life < 10; life += 1) {
      const fresh = sampleTexts(400, 100 + life);
      texts.push(...fresh);
      if (life % 3 === 0) await writeFile(`${place.events}/${life}.gz`, gzipSync(fresh.join('\n')));
      else await writeLines(`${place.events}/${life}.jsonl`, fresh);
      const child = place.start(['run', '--once'], withWorkers(1 + (life % 2)));
      const killAt = (proxy?.seen() ?? 0) + 1 + random.below(7);
      const [after, hold] = [random.below(60), random.chance(0.3) ? 250 : 0];
      // Some lives are long enough for positions to reach the disk.
      onBulk = (number) => {
        if (number === killAt) setTimeout(() => child.child.kill('SIGKILL'), after);
        return sleep(number >= killAt ? 100 : hold);
      };
      expect((await child.ended).signal, child.stderr()).to.equal('SIGKILL');
    }
    onBulk = () => undefined;
    const { code, stderr } = await place.cli(['run', '--once']);
    expect(code, stderr).to.equal(0);
    expect(new Set(texts).size).to.equal(4000);
    expect(await place.stored.count()).to.equal(4000);
  });

  for (const workers of [1, 2]) {
    it(`ends with 143 at SIGTERM, and the next run sends only the rest, with ${workers} workers`, async function () {
      this.timeout(60_000);
      const place = await workplace(engine, { namespace: `stopped_${workers}`, url: await startProxy(), output });
      const texts = sampleTexts(1000, 7);
      await writeLines(`${place.events}/events.jsonl`, texts);
      const child = place.start(['run', '--once'], withWorkers(workers));
      onBulk = (number) => {
        if (number === 5) child.child.kill('SIGTERM');
        return sleep(50);
      };
      const first = await child.ended;
      expect(first.code, first.stderr).to.equal(143);
      const stopped = lastRecord(first.stderr, 'Stopped');
      const { code, stderr } = await place.cli(['run', '--once'], withWorkers(workers));
      const done = lastRecord(stderr, 'Done');
      expect(code, stderr).to.equal(0);
      expect(stopped['indexed']).to.be.a('number').above(100).and.below(1000);
      expect(done).to.include({ indexed: 1000 - Number(stopped['indexed']), duplicates: 0 });
      expect(await place.stored.count()).to.equal(1000);
    });

    it(`ends with 143 within the time set when the engine gives no answer, with ${workers} workers`, async function () {
      this.timeout(60_000);
      const url = await startProxy();
      const place = await workplace(engine, {
        namespace: `hung_${workers}`,
        url,
        // Far beyond the time of this test: only the stop can end the requests.
        output: { ...output, request_timeout_s: 600 },
        settings: { shutdown_timeout_s: 0.3 },
      });
      const texts = sampleTexts(300, 8);
      await writeLines(`${place.events}/events.jsonl`, texts);
      const hung = place.start(['run', '--once'], withWorkers(workers));
      let told = false;
      onBulk = () => {
        // A second signal would end it at once.
        if (!told) hung.child.kill('SIGTERM');
        told = true;
        return hung.ended;
      };
      const first = await hung.ended;
      onBulk = () => undefined;
      expect(first.code, first.stderr).to.equal(143);
      expect(lastRecord(first.stderr, 'Stopped')).to.include({ indexed: 0 });
      expect((await place.cli(['run', '--once'], withWorkers(workers))).code).to.equal(0);
      expect(await place.stored.count()).to.equal(300);
    });
  }

  it('loses nothing and stores nothing twice when the engine is killed and started again', async function () {
    this.timeout(240_000);
    const texts = sampleTexts(4000, 9);
    const place = await workplace(engine, { namespace: 'restarted', output });
    await writeLines(`${place.events}/events.jsonl`, texts);
    let restarted: Promise<void> | undefined;
    const restart = async (): Promise<void> => {
      await engine.running().kill();
      await engine.running().restart();
    };
    const { indexed, duplicates, rejected, unfinished, lines } = await place.ship({
      observe: (progress) => {
        if (progress.indexed > 1000) restarted ??= restart();
      },
    });
    await restarted;
    expect(lines.map(({ message }) => message)).to.include('Sending again after a wait');
    expect({ stored: indexed + duplicates, rejected, unfinished }).to.deep.equal({
      stored: 4000,
      rejected: 0,
      unfinished: 0,
    });
    expect(await place.stored.count()).to.equal(4000);
  });
});
