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
    ['as the path of the CA', `output: {ca: ${plain}}`],
  ];
  for (const [name, text] of faulty) {
    it(`never tells one ${name}`, () => {
      const { message } = read(text);
      expect(message).to.match(/fault/).and.not.contain(plain);
    });
  }
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
