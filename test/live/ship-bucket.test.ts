import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { useAws } from '../support/aws.js';
import { lastRecord, type StartedCli } from '../support/cli.js';
import { forEachEngine } from '../support/engine-matrix.js';
import { sampleTexts, writeLines } from '../support/event-files.js';
import { eventually } from '../support/eventually.js';
import { installAssets, workplace } from '../support/workplace.js';

const texts = sampleTexts(600, 21);
const packed = (from: number, to: number): Buffer => gzipSync(texts.slice(from, to).join('\n'));

forEachEngine('shipping from a bucket', (engine) => {
  const aws = useAws();

  before(async function () {
    this.timeout(60_000);
    await installAssets(engine);
  });

  async function stop(child: StartedCli): Promise<string> {
    child.child.kill('SIGTERM');
    const { code, stderr } = await child.ended;
    expect(code, stderr).to.equal(143);
    return stderr;
  }

  it('takes new and rewritten objects as they come, each event once, and nothing again after a restart', async function () {
    this.timeout(120_000);
    const bucket = await aws().bucket();
    const place = await workplace(engine, {
      namespace: 'bucket',
      output: { batch: { max_age_s: 0.05 } },
      inputs: [{ type: 's3', bucket, prefix: 'logs/', poll_interval_s: 0.2, ...aws().settings }],
    });
    const isStored = (count: number): Promise<void> => eventually(() => place.stored.count(), count);
    await aws().put(bucket, 'logs/1/a.gz', packed(0, 100));
    await aws().put(bucket, 'logs/0/b.json', texts.slice(100, 200).join('\n'));
    await aws().put(bucket, 'other/c.gz', packed(500, 600));
    let child = place.start(['run']);
    await isStored(200);
    await aws().put(bucket, 'logs/0/0.gz', packed(200, 300));
    await isStored(300);
    // Rewritten: what was in it is known by its ids, what is new is stored.
    await aws().put(bucket, 'logs/1/a.gz', gzipSync([...texts.slice(0, 100), ...texts.slice(300, 400)].join('\n')));
    await isStored(400);
    await stop(child);
    await aws().put(bucket, 'logs/9.gz', packed(400, 500));
    await aws().s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'logs/0/0.gz' }));
    child = place.start(['run']);
    await isStored(500);
    const stderr = await stop(child);
    expect(lastRecord(stderr, 'Stopped')).to.include({ indexed: 100, duplicates: 0, rejected: 0 });
  });

  it('gives the same ids to events of an object and of a file', async function () {
    this.timeout(60_000);
    const bucket = await aws().bucket();
    await aws().put(bucket, 'x.gz', packed(0, 300));
    const place = await workplace(engine, { namespace: 'bucket_and_file' });
    await writeLines(`${place.events}/x.jsonl`, texts.slice(0, 300));
    const both = await workplace(engine, {
      namespace: 'bucket_and_file',
      inputs: [{ type: 's3', bucket, ...aws().settings }],
    });
    const first = await place.cli(['run', '--once']);
    expect(lastRecord(first.stderr, 'Done')).to.include({ indexed: 300, duplicates: 0 });
    const second = await both.cli(['run', '--once']);
    expect(lastRecord(second.stderr, 'Done')).to.include({ indexed: 0, duplicates: 300 });
    expect(await both.stored.count()).to.equal(300);
  });

  it('ships the other inputs when one fails, and shows in status which', async function () {
    this.timeout(60_000);
    const bucket = await aws().bucket();
    await aws().put(bucket, 'x.gz', packed(0, 50));
    const place = await workplace(engine, { namespace: 'one_fails' });
    await writeLines(`${place.events}/x.jsonl`, texts.slice(50, 100));
    const inputs = [
      { type: 's3', bucket: 'not-there', ...aws().settings },
      { type: 'file', paths: [`${place.events}/x.jsonl`] },
      { type: 's3', bucket, ...aws().settings },
      { type: 'sqs', queue_url: `${aws().settings.endpoint}/123456789012/none`, wait_time_s: 0, ...aws().settings },
    ];
    const several = await workplace(engine, { namespace: 'one_fails', inputs });
    const { code, stderr } = await several.cli(['run', '--once']);
    expect(code, stderr).to.equal(1);
    expect(stderr)
      .to.match(/CCX_INPUT_NOT_FOUND/)
      .and.to.match(/not-there/)
      .and.to.match(/none/);
    expect(await several.stored.count()).to.equal(100);
    const status = await several.cli(['status']);
    expect(status.code).to.equal(1);
    expect(status.stdout).to.match(/ {2}failing +s3 s3:\/\/not-there\/: 0 read/);
    expect(status.stdout).to.match(/ {2}ok +file .*x\.jsonl: 1 read/);
    expect(status.stdout).to.match(new RegExp(` {2}ok +s3 s3://${bucket}/: 1 read`));
    expect(status.stdout).to.match(/ {2}failing +sqs .*none: 0 read/);
  });
});
