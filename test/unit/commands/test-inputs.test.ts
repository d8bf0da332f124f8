import { expect } from 'chai';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testInputsCommand } from '../../../src/commands/test-inputs.js';
import type { ConfigContext } from '../../../src/commands/context.js';
import { loadConfig } from '../../../src/config/load.js';
import { Secrets } from '../../../src/config/secrets.js';
import { useAws } from '../../support/aws.js';
import { tempDir } from '../../support/temp-dir.js';

describe('test inputs', () => {
  const aws = useAws();

  async function probe(...inputs: object[]): Promise<{ code: number; stdout: string }> {
    const folder = await tempDir();
    const file = join(folder, 'c.yml');
    await writeFile(file, JSON.stringify({ inputs }));
    const out: string[] = [];
    const secrets = new Secrets();
    const context = {
      loadConfig: (needs: object) => Promise.resolve(loadConfig({ file, env: {}, needs, secrets })),
      stdout: { write: (text: string) => out.push(text) },
      redact: (text: string) => secrets.redact(text),
      signal: new AbortController().signal,
    };
    const code = await testInputsCommand(context as unknown as ConfigContext);
    return { code, stdout: out.join('') };
  }

  const s3 = (bucket: string, more: object = {}): object => ({ type: 's3', bucket, ...aws().settings, ...more });
  const sqs = (queue_url: string, more: object = {}): object => ({
    type: 'sqs',
    queue_url,
    ...aws().settings,
    ...more,
  });

  it('says that a bucket can be listed and an object of it read', async () => {
    const bucket = await aws().bucket();
    await aws().put(bucket, 'a.gz', 'x');
    await aws().put(bucket, 'b.txt', 'x');
    expect(await probe(s3(bucket, { suffix: '.gz' }))).to.deep.equal({
      code: 0,
      stdout: `ok      s3 s3://${bucket}/*.gz: 1 found; the first can be read\n`,
    });
  });

  it('warns of a bucket in which nothing matches', async () => {
    const bucket = await aws().bucket();
    await aws().put(bucket, 'a.gz', 'x');
    const { code, stdout } = await probe(s3(bucket, { prefix: 'logs/' }));
    expect(code).to.equal(0);
    expect(stdout).to.match(/^warning s3 .*no object matches\n {8}fix: Check prefix and suffix/);
  });

  it('fails for a bucket and a queue that are not there, and still looks at the others', async () => {
    const folder = await tempDir();
    await writeFile(join(folder, 'x.json'), '{}');
    const { code, stdout } = await probe(
      s3('not-there'),
      sqs(`${aws().settings.endpoint}/123456789012/none`),
      { type: 'file', paths: [folder] },
      { type: 'file', paths: [join(folder, 'y.json')] },
    );
    expect(code).to.equal(1);
    expect(stdout).to.match(/^failed {2}s3 s3:\/\/not-there\/: CCX_INPUT_NOT_FOUND: .*\n {8}fix: /);
    expect(stdout).to.match(/\nfailed {2}sqs .*none: CCX_INPUT_NOT_FOUND: .*\n {8}fix: /);
    expect(stdout).to.match(/\nok {6}file .*: 1 file\n/);
    expect(stdout).to.match(/\nfailed {2}file .*CCX_INPUT_NOT_FOUND: does not exist, at .*y\.json\n/);
  });

  it('counts the messages of a queue without receiving any, and misses its dead-letter queue', async () => {
    const { bucket, queueUrl } = await aws().announcedBucket();
    await aws().put(bucket, 'a.gz', 'x');
    const before = await aws().count(queueUrl);
    const { code, stdout } = await probe(sqs(queueUrl));
    expect(code).to.equal(0);
    expect(stdout).to.match(new RegExp(`^ok {6}sqs .*: ${before.visible} messages waiting, 0 in work\n`));
    expect(stdout).to.match(/\nwarning sqs .*no dead-letter queue\n {8}fix: .*maxReceiveCount/);
    expect(await aws().count(queueUrl)).to.deep.equal(before);
  });

  it('warns of a queue that gives up before a message is reported as poison', async () => {
    const { arn } = await aws().queue();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 3 });
    const { url } = await aws().queue({ RedrivePolicy });
    expect((await probe(sqs(url))).stdout).to.match(
      /warning .* after 3 receives, before it is reported as poison at 5\n/,
    );
    const sooner = await probe(sqs(url, { poison_receives: 3 }));
    expect(sooner.stdout).not.to.match(/warning/);
  });

  it('says nothing of a standard input but that it is read', async () => {
    expect(await probe({ type: 'stdin' })).to.deep.equal({ code: 0, stdout: 'ok      stdin: read once, to its end\n' });
  });
});
