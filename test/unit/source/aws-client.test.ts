import { GetObjectCommand, HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect } from 'chai';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { AwsConfig } from '../../../src/config.js';
import { stsEndpoint } from '../../../src/aws/access.js';
import { s3Client, sqsClient } from '../../../src/source/aws/client.js';
import { explainAws } from '../../../src/source/aws/failure.js';
import { useAws } from '../../support/aws.js';
import { tempDir } from '../../support/temp-dir.js';

const base: AwsConfig = { path_style: true, role_session_name: 'cloudconnexa-ecs' };
const keys = { access_key_id: 'AKIATESTTESTTESTTEST', secret_access_key: 'very-secret-0815' };
const role_arn = 'arn:aws:iam::123456789012:role/logs-reader';

/** A service that answers every request with the same, and remembers what was asked. */
interface Recorder {
  readonly url: string;
  readonly requests: { path: string; headers: IncomingMessage['headers']; body: string }[];
  close(): void;
}

async function recorder(status = 200, answer = ''): Promise<Recorder> {
  const requests: Recorder['requests'] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      requests.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(status, { 'content-type': 'text/xml' }).end(answer);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => void (server.close(), server.closeAllConnections()),
  };
}

describe('clients of AWS', () => {
  const aws = useAws();
  const closers: (() => void)[] = [];
  const saved = { ...process.env };

  beforeEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
    process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/nonexistent';
    process.env['AWS_CONFIG_FILE'] = '/nonexistent';
  });

  afterEach(() => {
    for (const close of closers.splice(0)) close();
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, saved);
  });

  const s3 = (config: Partial<AwsConfig>): ReturnType<typeof s3Client> => {
    const client = s3Client({ ...base, region: 'eu-central-1', ...config });
    closers.push(() => client.destroy());
    return client;
  };
  const server = async (...answer: Parameters<typeof recorder>): Promise<Recorder> => {
    const made = await recorder(...answer);
    closers.push(() => made.close());
    return made;
  };
  const look = (client: ReturnType<typeof s3Client>): Promise<unknown> =>
    client.send(new HeadBucketCommand({ Bucket: 'logs' }));
  const failure = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => expect.fail('it did not fail'),
      (error: unknown) => error,
    );

  it('reads and writes at the endpoint, with the bucket in the path', async () => {
    const bucket = await aws().bucket();
    const client = s3({ ...keys, endpoint: aws().settings.endpoint });
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'a b', Body: 'text' }));
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'a b' }));
    expect(await Body?.transformToString()).to.equal('text');
  });

  it('signs with the keys, the session token and the region given, and says who it is', async () => {
    const service = await server();
    await look(s3({ ...keys, session_token: 'session-4711', endpoint: service.url }));
    const headers = service.requests[0]?.headers;
    expect(headers?.authorization).to.match(/Credential=AKIATESTTESTTESTTEST\/\d{8}\/eu-central-1\/s3\//);
    expect(headers?.['x-amz-security-token']).to.equal('session-4711');
    expect(headers?.['user-agent']).to.include('cloudconnexa-ecs');
    expect(service.requests[0]?.path).to.match(/^\/logs/);
  });

  it('adds no checksum that a store may not know', async () => {
    const service = await server();
    await s3({ ...keys, endpoint: service.url }).send(new PutObjectCommand({ Bucket: 'logs', Key: 'k', Body: 'b' }));
    const names = Object.keys(service.requests[0]?.headers ?? {});
    expect(names.filter((name) => name.includes('checksum') || name === 'x-amz-trailer')).to.deep.equal([]);
  });

  it('takes the keys and the region of a profile', async () => {
    const service = await server();
    const file = join(await tempDir(), 'credentials');
    await writeFile(file, '[siem]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = x\nregion = us-west-2\n');
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = file;
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIAENVIRONMENT';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'y';
    const client = s3Client({ ...base, profile: 'siem', endpoint: service.url });
    closers.push(() => client.destroy());
    await look(client);
    expect(service.requests[0]?.headers.authorization).to.match(/Credential=AKIAPROFILE\/\d+\/us-west-2\//);
  });

  it('does not fall back on other credentials when the profile does not exist', async () => {
    const service = await server();
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIAENVIRONMENT';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'y';
    const error = await failure(look(s3({ profile: 'nobody', endpoint: service.url })));
    expect(explainAws(error, 's3://logs').kind).to.equal('denied');
    expect(service.requests).to.deep.equal([]);
  });

  it("uses the SDK's own search when nothing is given", async () => {
    const service = await server();
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'y', AWS_REGION: 'eu-west-3' });
    const client = s3Client({ ...base, endpoint: service.url });
    closers.push(() => client.destroy());
    await look(client);
    expect(service.requests[0]?.headers.authorization).to.match(/Credential=AKIAENV\/\d+\/eu-west-3\//);
  });

  it('says that the region is missing', async () => {
    const client = s3Client({ ...base, ...keys });
    closers.push(() => client.destroy());
    const { error } = explainAws(await failure(look(client)), 's3://logs');
    expect(error.message).to.include('region is not known');
    expect(error.remedy).to.include('AWS_REGION');
  });

  it('assumes the role at the store itself when that is not of AWS', async () => {
    const bucket = await aws().bucket();
    const config = { ...keys, role_arn, role_external_id: 'soc-4711', endpoint: aws().settings.endpoint };
    await s3(config).send(new HeadBucketCommand({ Bucket: bucket }));
  });

  it('assumes the role where AWS_ENDPOINT_URL_STS says, with its external id and session name', async () => {
    const sts = await server(403, '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>');
    process.env['AWS_ENDPOINT_URL_STS'] = sts.url;
    const config = { ...keys, role_arn, role_external_id: 'soc-4711', endpoint: aws().settings.endpoint };
    const error = await failure(look(s3(config)));
    const asked = new URLSearchParams(sts.requests[0]?.body);
    expect(Object.fromEntries(asked)).to.include({
      Action: 'AssumeRole',
      RoleArn: role_arn,
      ExternalId: 'soc-4711',
      RoleSessionName: 'cloudconnexa-ecs',
    });
    expect(explainAws(error, 's3://logs').kind).to.equal('denied');
  });

  it("assumes the role with the credentials of the SDK's own search", async () => {
    const sts = await server(403, '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>');
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'AKIAENV',
      AWS_SECRET_ACCESS_KEY: 'y',
      AWS_ENDPOINT_URL_STS: sts.url,
    });
    await failure(look(s3({ role_arn, endpoint: aws().settings.endpoint })));
    expect(sts.requests[0]?.headers.authorization).to.include('Credential=AKIAENV/');
  });

  it('assumes the role with the token of the file, as it is when it is needed', async () => {
    const bucket = await aws().bucket();
    const token = join(await tempDir(), 'token');
    await writeFile(token, 'first-token');
    const sts = await server(400, '<ErrorResponse><Error><Code>InvalidIdentityToken</Code></Error></ErrorResponse>');
    process.env['AWS_ENDPOINT_URL_STS'] = sts.url;
    const client = s3({ role_arn, web_identity_token_file: token, endpoint: aws().settings.endpoint });
    const ask = (): Promise<unknown> => client.send(new HeadBucketCommand({ Bucket: bucket }));
    await failure(ask());
    await writeFile(token, 'second-token');
    await failure(ask());
    const tokens = sts.requests.map(({ body }) => new URLSearchParams(body).get('WebIdentityToken'));
    expect([...new Set(tokens)]).to.deep.equal(['first-token', 'second-token']);
  });

  it('gets working credentials for a web identity', async () => {
    const bucket = await aws().bucket();
    const token = join(await tempDir(), 'token');
    await writeFile(token, 'token');
    const client = s3({ role_arn, web_identity_token_file: token, endpoint: aws().settings.endpoint });
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
  });

  it('asks the host of the queue, whatever the endpoint of the store', async () => {
    const { url } = await aws().queue();
    const client = sqsClient({ ...base, ...keys, region: 'eu-central-1', endpoint: 'http://127.0.0.1:9' });
    closers.push(() => client.destroy());
    await client.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 0 }));
  });

  it('never has the secrets in an error', async () => {
    const service = await server(403, '<Error><Code>SignatureDoesNotMatch</Code></Error>');
    const config = { ...keys, session_token: 'session-4711', endpoint: service.url };
    const { error } = explainAws(await failure(look(s3(config))), 's3://logs');
    expect(`${error.message} ${error.remedy}`).not.to.match(/very-secret-0815|session-4711/);
  });

  for (const [endpoint, expected] of [
    [undefined, undefined],
    ['https://minio.example:9000', 'https://minio.example:9000'],
    ['https://bucket.vpce-1-abc.s3.eu-central-1.vpce.amazonaws.com', undefined],
    ['https://s3.cn-north-1.amazonaws.com.cn', undefined],
    ['https://amazonaws.com.example', 'https://amazonaws.com.example'],
  ] as const)
    it(`with the endpoint ${endpoint ?? 'of AWS'} roles are assumed at ${expected ?? 'STS of the region'}`, () => {
      expect(stsEndpoint(endpoint === undefined ? {} : { endpoint }, {})).to.equal(expected);
    });
});
