import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { resolveConfig } from '../../../src/config/load.js';
import { tempDir } from '../../support/temp-dir.js';

describe('inputs that speak to AWS over plain http', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await tempDir();
  });

  /** Where each fault lies. */
  function faults(text: string, env: Record<string, string> = {}): string[] {
    const file = join(directory, 'c.yml');
    writeFileSync(file, text);
    return resolveConfig({ file, env }).faults.map(({ path, origin, message }) => {
      expect(message).to.contain('over plain http');
      return origin?.startsWith('environment') ? `${path}, ${origin}` : path;
    });
  }

  const s3 = (more: string): string => `inputs: [{type: s3, bucket: logs, ${more}}]`;
  const keys = 'access_key_id: a, secret_access_key: b, session_token: c, role_arn: "arn:aws:iam::123456789012:role/r"';

  for (const [title, text, place] of [
    ['a store with keys and a role', s3(`endpoint: "http://minio.example:9000", ${keys}`), 'inputs.0.endpoint'],
    ['a store whose keys the SDK finds', s3('endpoint: "http://minio.example:9000"'), 'inputs.0.endpoint'],
    ['a queue', 'inputs: [{type: sqs, queue_url: "http://sqs.example/1/q"}]', 'inputs.0.queue_url'],
  ] as const) {
    it(`are refused: ${title}`, () => {
      expect(faults(text)).to.deep.equal([place]);
    });

    it(`are taken when told so: ${title}`, () => {
      expect(faults(text.replace('}]', ', allow_insecure_auth: true}]'))).to.deep.equal([]);
    });
  }

  it('are taken on this machine, and https everywhere', () => {
    expect(faults(s3('endpoint: "http://127.0.0.1:9000"'))).to.deep.equal([]);
    expect(faults(s3('endpoint: "https://minio.example:9000"'))).to.deep.equal([]);
  });

  for (const name of ['AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL']) {
    it(`are refused where ${name} sends them there`, () => {
      const env = { [name]: 'http://aws.example' };
      expect(faults(s3(keys), env)).to.deep.equal([`inputs.0, environment variable ${name}`]);
      expect(faults(s3(`${keys}, allow_insecure_auth: true`), env)).to.deep.equal([]);
    });
  }

  it('are not asked for the address of a store that the input has its own for', () => {
    const env = { AWS_ENDPOINT_URL_S3: 'http://aws.example' };
    expect(faults(s3('endpoint: "https://minio.example"'), env)).to.deep.equal([]);
  });

  it('are refused for the role of a signed output, too', () => {
    const output = (more: string): string => `output: {hosts: ["https://es.example"], aws: {service: es}${more}}`;
    const env = { AWS_ENDPOINT_URL_STS: 'http://sts.example' };
    expect(faults(output(''), env)).to.deep.equal(['output.aws, environment variable AWS_ENDPOINT_URL_STS']);
    expect(faults(output(', allow_insecure_auth: true'), env)).to.deep.equal([]);
  });
});
