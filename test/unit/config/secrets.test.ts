import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { configError } from '../../../src/config/fault.js';
import { resolveConfig } from '../../../src/config/load.js';
import { Secrets } from '../../../src/config/secrets.js';

const secret = 'p"ss w/rd+\\ü:42';

describe('secrets in the configuration', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ccx-secrets-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function read(text: string, env: Record<string, string> = {}): { message: string; secrets: Secrets } {
    const file = join(directory, 'c.yml');
    writeFileSync(file, text);
    const secrets = new Secrets();
    return { message: configError(resolveConfig({ file, env, secrets }).faults).message, secrets };
  }

  // Each begins with something wrong; the secret stands where the fault is, or near it.
  const plain = 'hunter2hunter2';
  const faulty: [name: string, text: string][] = [
    ['in its place beside another fault', `output: {api_key: ${plain}, nonsense: 1}`],
    ['under a misspelled name', `output: {api_kez: ${plain}}`],
    ['as a host', `output: {hosts: ["${plain}"]}`],
    ['in the URL of a host', `output: {hosts: ["https://elastic:${plain}@es"]}`],
    ['as an engine', `output: {engine: ${plain}}`],
    ['as a number', `output: {max_in_flight: ${plain}}`],
    ['as a section', `output: ${plain}`],
    ['as the whole file', plain],
    ['as an input type', `inputs: [{type: ${plain}}]`],
    ['after a broken line', `output:\n  password: ${plain}: x\n`],
    ['in an open quote', `output: {password: "${plain}`],
    ['as an unknown alias', `output: {password: *${plain}}`],
    ['as a tag', `output: {password: !${plain} x}`],
    ['as a directive', `%${plain}\n---\n`],
    ['with tabs', `output:\n\tpassword: ${plain}`],
    ['in a broken reference', `output: {password: "\${${plain}"}`],
    ['as a fingerprint', `output: {ca_fingerprint: ${plain}}`],
    ['as a namespace', `output: {namespace: ${plain}-}`],
    ['as a network', `mapping: {internal_networks: [${plain}]}`],
    ['as the path of a secret', `output: {api_key_file: ${plain}}`],
    [
      'of an input beside another fault',
      `inputs: [{type: s3, bucket: aaa, access_key_id: k, secret_access_key: ${plain}, x: 1}]`,
    ],
    ['of an input whose type lacks it', `inputs: [{type: stdin, secret_access_key: ${plain}}]`],
    ['in the endpoint of an input', `inputs: [{type: s3, bucket: aaa, endpoint: "https://a:${plain}@s3"}]`],
    ['as the path of the CA', `output: {ca: ${plain}}`],
    ['of the dashboards beside another fault', `dashboards: {api_key: ${plain}, nonsense: 1}`],
    ['in the URL of the dashboards', `dashboards: {url: "https://elastic:${plain}@kibana"}`],
    ['as the URL of the dashboards', `dashboards: {url: ${plain}}`],
    ['as a space', `dashboards: {space: "${plain} x"}`],
    ['as a tenant', `dashboards: {tenant: "${plain}\\n"}`],
    ['of the dashboards over plain http', `dashboards: {url: "http://kibana", username: u, password: ${plain}}`],
  ];
  for (const [name, text] of faulty) {
    it(`never tells one ${name}`, () => {
      const { message } = read(text);
      expect(message).to.match(/fault/).and.not.contain(plain);
    });
  }
  describe('of an input', () => {
    const input = 'inputs: [{type: stdin}, {type: s3, bucket: aaa, access_key_id: k';
    const load = (text: string, env: Record<string, string> = {}, set: string[] = []) => {
      const file = join(directory, 'c.yml');
      writeFileSync(file, text);
      const secrets = new Secrets();
      return { ...resolveConfig({ file, env, set, secrets }), secrets };
    };
    const keyOf = ({ config }: ReturnType<typeof load>): unknown =>
      config?.inputs[1] && 'secret_access_key' in config.inputs[1] && config.inputs[1].secret_access_key;

    it('is read from a file, without its line end, and taken out of texts', () => {
      writeFileSync(join(directory, 'key'), `${plain}\n`);
      const loaded = load(`${input}, secret_access_key_file: ${join(directory, 'key')}}]`);
      expect(keyOf(loaded)).to.equal(plain);
      expect(loaded.secrets.redact(`key ${plain}`)).to.equal('key ***');
      expect(loaded.originOf('inputs.1.secret_access_key')).to.match(/^inputs\.1\.secret_access_key_file, /);
    });

    it('is read from a variable of its own, over that of the file', () => {
      const loaded = load(`${input}, secret_access_key: other}]`, {
        CLOUDCONNEXA_ECS_INPUTS_1_SECRET_ACCESS_KEY: plain,
      });
      expect(keyOf(loaded)).to.equal(plain);
      expect(loaded.secrets.redact(`${plain} other`)).to.equal('*** ***');
    });

    it('is read from the file that a variable names', () => {
      writeFileSync(join(directory, 'key'), plain);
      const env = { CLOUDCONNEXA_ECS_INPUTS_1_SECRET_ACCESS_KEY_FILE: join(directory, 'key') };
      expect(keyOf(load(`${input}}]`, env))).to.equal(plain);
    });

    it('is refused with its file at once', () => {
      const { faults } = load(`${input}, secret_access_key: a, secret_access_key_file: b}]`);
      expect(faults.map(({ path }) => path)).to.deep.equal(['inputs.1.secret_access_key_file']);
    });

    for (const set of [
      `inputs.1.secret_access_key=${plain}`,
      `inputs=[{type: s3, bucket: aaa, secret_access_key: ${plain}}]`,
    ]) {
      it(`is refused in arguments as ${set.split('=')[0]}`, () => {
        const { faults } = load(`${input}, secret_access_key: a}]`, {}, [set]);
        expect(configError(faults).message)
          .to.match(/arguments are visible/)
          .and.not.contain(plain);
      });
    }
  });

  it('never tells one from the environment', () => {
    const env = { CLOUDCONNEXA_ECS_OUTPUT_GZIP: plain, CLOUDCONNEXA_ECS_OUTPUT_APIKEY: plain, MY: plain };
    expect(read('output: {max_in_flight: "${MY}"}', env).message)
      .to.match(/3 faults/)
      .and.not.contain(plain);
  });

  it('are all known after reading, those that an upper layer replaced too', () => {
    const text = 'output: {username: bob, password: lower, bearer_token: token1}';
    const { secrets } = read(text, {
      CLOUDCONNEXA_ECS_OUTPUT_PASSWORD: 'upper',
      CLOUDCONNEXA_ECS_OUTPUT_API_KEY: 'key1',
    });
    expect(secrets.redact('bob lower upper token1 key1')).to.equal('bob *** *** *** ***');
  });
  it('of the dashboards are known too, in the header of basic authentication as well', () => {
    const { secrets } = read('dashboards: {url: "https://kibana", username: kim, password: pa55word}');
    const header = `Basic ${Buffer.from('kim:pa55word').toString('base64')}`;
    expect(secrets.redact(`${header} pa55word`)).to.equal('Basic *** ***');
  });
  it('are known when they came from a file', () => {
    const file = join(directory, 'key');
    writeFileSync(file, 'from-file\n');
    expect(read(`output: {api_key_file: ${file}}`).secrets.redact('x from-file')).to.equal('x ***');
  });
  it('are known when they are digits without quotes', () => {
    expect(read('output: {username: u, password: 123456}').secrets.redact('123456')).to.equal('***');
  });

  describe('taken out of a text', () => {
    const secrets = new Secrets();
    secrets.addBasic('bob', secret);
    const forms: [name: string, text: string][] = [
      ['plain', secret],
      ['in JSON', JSON.stringify({ password: secret })],
      ['in a URL', `https://bob:${encodeURIComponent(secret)}@es/`],
      ['in base64', Buffer.from(secret).toString('base64')],
      ['as basic authentication', `Basic ${Buffer.from(`bob:${secret}`).toString('base64')}`],
    ];
    for (const [name, text] of forms) {
      it(name, () => {
        const redacted = secrets.redact(text);
        expect(redacted).to.contain('***');
        for (const [, form] of forms) expect(redacted).not.to.contain(form.replace(/^Basic /, ''));
      });
    }
    it('leaves no rest of a secret that contains another', () => {
      const both = new Secrets();
      both.add('abc');
      both.add('abcdef');
      expect(both.redact('abcdef')).to.equal('***');
    });
  });
});
