import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { sampleEvents } from '../../src/sample/events.js';
import { createRandom } from '../../src/sample/random.js';
import { useAws, type Aws } from '../support/aws.js';
import type { StartedCli } from '../support/cli.js';
import { lastRecord } from '../support/cli.js';
import { forEachEngine } from '../support/engine-matrix.js';
import { sampleEnd, sampleTexts } from '../support/event-files.js';
import { eventually } from '../support/eventually.js';
import { installAssets, workplace, type Workplace } from '../support/workplace.js';

const CONNECTORS = 4;
const KILL_EVERY_MS = 5_000;

/** The whole size takes minutes: on one engine, and on the others the same with less. */
const WHOLE = { objects: 200, events: 1000 };
const SMALL = { objects: 100, events: 100 };

/** Connectors that share a queue; each has a data_dir of its own. */
class Crew {
  readonly #place: Workplace;
  readonly #members = new Map<number, StartedCli>();
  kills = 0;

  constructor(place: Workplace) {
    this.#place = place;
    for (let number = 0; number < CONNECTORS; number += 1) this.#start(number);
  }

  #start(number: number): void {
    this.#members.set(number, this.#place.start(['run', '--set', `data_dir=${this.#place.folder}/data-${number}`]));
  }

  /** Kills one member and puts another one in its place. */
  async replace(number: number): Promise<void> {
    const member = this.#members.get(number);
    if (member === undefined) return;
    member.child.kill('SIGKILL');
    const { signal } = await member.ended;
    expect(signal, member.stderr()).to.equal('SIGKILL');
    this.kills += 1;
    this.#start(number);
  }

  /** Ends all members. */
  async end(): Promise<void> {
    for (const { child } of this.#members.values()) child.kill('SIGTERM');
    const all = await Promise.all([...this.#members.values()].map(({ ended }) => ended));
    // The last one in place may not even have begun to listen to signals.
    for (const { code, signal, stderr } of all) if (signal === null) expect(code, stderr).to.equal(143);
  }
}

async function fill(aws: Aws, bucket: string, { objects, events }: { objects: number; events: number }): Promise<void> {
  const all = sampleEvents({ count: objects * events, seed: 44, end: sampleEnd });
  let texts: string[] = [];
  let number = 0;
  for (const text of all) {
    texts.push(text);
    if (texts.length < events) continue;
    await aws.put(bucket, `CloudConnexa/${number}/${number % 7}.gz`, gzipSync(texts.join('\n'), { level: 1 }));
    texts = [];
    number += 1;
  }
}

forEachEngine('shipping from a queue', (engine) => {
  const aws = useAws();

  before(async function () {
    this.timeout(60_000);
    await installAssets(engine);
  });

  it('shares a queue among four connectors, one of them killed every few seconds: each event once', async function () {
    this.timeout(600_000);
    const size = engine.id === 'opensearch-3' ? WHOLE : SMALL;
    const { bucket, queueUrl } = await aws().announcedBucket();
    const place = await workplace(engine, {
      namespace: 'crew',
      inputs: [{ type: 'sqs', queue_url: queueUrl, visibility_timeout_s: 10, wait_time_s: 1, ...aws().settings }],
    });
    const random = createRandom(8);
    const crew = new Crew(place);
    const filling = fill(aws(), bucket, size);
    const total = size.objects * size.events;
    let stored = 0;
    while (stored < total) {
      await sleep(KILL_EVERY_MS);
      await crew.replace(random.below(CONNECTORS));
      stored = await place.stored.count();
    }
    await filling;
    await eventually(async () => Object.values(await aws().count(queueUrl)).join(), '0,0');
    await crew.end();
    console.log(`      ${total} events in ${size.objects} objects, ${crew.kills} connectors killed`);
    expect(crew.kills).to.be.at.least(1);
    expect(await place.stored.count()).to.equal(total);
    expect((await place.stored.ids()).size).to.equal(total);
  });

  it('ends by itself with run --once when the queue is empty', async function () {
    this.timeout(60_000);
    const { bucket, queueUrl } = await aws().announcedBucket();
    const texts = sampleTexts(300, 5);
    await aws().put(bucket, 'a b/c+d.gz', gzipSync(texts.slice(0, 200).join('\n')));
    await aws().put(bucket, 'plain ü.json', texts.slice(200).join('\n'));
    const place = await workplace(engine, {
      namespace: 'queue_once',
      inputs: [{ type: 'sqs', queue_url: queueUrl, wait_time_s: 1, ...aws().settings }],
    });
    const { code, stderr } = await place.cli(['run', '--once']);
    expect(code, stderr).to.equal(0);
    expect(lastRecord(stderr, 'Done')).to.include({ indexed: 300, rejected: 0 });
    expect(await place.stored.terms('aws.s3.object.key')).to.deep.equal({ 'a b/c+d.gz': 200, 'plain ü.json': 100 });
    expect(await aws().count(queueUrl)).to.deep.equal({ visible: 0, hidden: 0 });
  });
});
