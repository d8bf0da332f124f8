import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { resolveConfig, type Resolution } from '../../../src/config/load.js';

const pem = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n';

describe('settings of Kibana and OpenSearch Dashboards', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ccx-dashboards-'));
    writeFileSync(join(directory, 'ca.pem'), pem);
    writeFileSync(join(directory, 'key'), 'from-file\n');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function read(text: string, env: Record<string, string> = {}): Resolution {
    const file = join(directory, 'c.yml');
    writeFileSync(file, text);
    return resolveConfig({ file, env });
  }

  function faults(text: string): string[] {
    return read(text).faults.map(({ path, message }) => `${path} ${message}`);
  }

  it('are nothing but two safe defaults when none is given', () => {
    const { config } = read('');
    expect(config?.dashboards).to.deep.equal({ allow_insecure_auth: false });
    expect(config?.rules).to.deep.equal({ enable: false });
  });

  it('take a URL with a base path, a space, and a secret from a file or the environment', () => {
    const text = `dashboards: {url: "https://k:5601/kibana", space: soc, api_key_file: ${join(directory, 'key')}}`;
    expect(read(text).config?.dashboards).to.include({
      url: 'https://k:5601/kibana',
      space: 'soc',
      api_key: 'from-file',
    });
    const env = { CLOUDCONNEXA_ECS_DASHBOARDS_TENANT: 'soc', CLOUDCONNEXA_ECS_RULES_ENABLE: 'true' };
    expect(read('', env).config).to.deep.include({
      dashboards: { allow_insecure_auth: false, tenant: 'soc' },
      rules: { enable: true },
    });
  });

  it('list all their faults at once', () => {
    expect(
      faults(`dashboards: {url: "kibana:5601", space: "My Space", tenant: " x", ca_fingerprint: "1", api_key: "a b"}`),
    ).to.have.members([
      'dashboards.url is not an http or https URL',
      'dashboards.space is not the id of a Kibana space',
      'dashboards.tenant is not the name of a tenant',
      'dashboards.ca_fingerprint is not a SHA-256 fingerprint',
      'dashboards.api_key has a blank, a line break or another character that no token has',
    ]);
  });

  it('need both halves of a login, and only one way to log in', () => {
    expect(faults('dashboards: {username: u}')).to.deep.equal([
      'dashboards.password is missing, while dashboards.username is given',
    ]);
    expect(faults('dashboards: {username: u, password: p, api_key: k}')).to.deep.equal([
      'dashboards.api_key is given together with dashboards.username',
    ]);
  });

  for (const [title, text] of [
    ['its own secret', 'dashboards: {url: "http://kibana:5601", api_key: k}'],
    ['the secret of output', 'dashboards: {url: "http://kibana:5601"}\noutput: {hosts: ["https://es"], api_key: k}'],
    [
      'the secret of output that may go to the cluster in plain text',
      'dashboards: {url: "http://kibana"}\noutput: {hosts: ["http://es"], api_key: k, allow_insecure_auth: true}',
    ],
  ] as const) {
    it(`never send ${title} over plain http to another host`, () => {
      expect(faults(text)).to.deep.equal([
        'dashboards.url would get the credentials over plain http, where anyone on the way can read them',
      ]);
    });
  }

  for (const [title, text] of [
    ['to this host', 'dashboards: {url: "http://localhost:5601", api_key: k}'],
    ['when that is allowed', 'dashboards: {url: "http://kibana", api_key: k, allow_insecure_auth: true}'],
    ['when there is no secret', 'dashboards: {url: "http://kibana"}'],
  ] as const) {
    it(`take plain http ${title}`, () => {
      expect(faults(text)).to.deep.equal([]);
    });
  }

  it('refuse a fingerprint for plain http', () => {
    const text = `dashboards: {url: "http://localhost", ca_fingerprint: "${'ab'.repeat(32)}"}`;
    expect(faults(text)).to.deep.equal([
      'dashboards.url is a plain http address, while dashboards.ca_fingerprint asks for TLS',
    ]);
  });
});
