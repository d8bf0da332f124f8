import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadConfig, type ConfigRequest } from '../../../src/config.js';
import { resolveConfig } from '../../../src/config/load.js';
import { ConnectorError } from '../../../src/errors.js';

describe('loading the configuration', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ccx-config-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function write(text: string, name = 'c.yml'): string {
    const file = join(directory, name);
    writeFileSync(file, text);
    return file;
  }
  /** Each fault as `path message. remedy`, with the file's directory taken off. */
  function faults(text: string, more: Partial<ConfigRequest> = {}): string[] {
    const { faults: found } = resolveConfig({ file: write(text), env: {}, ...more });
    return found.map(({ path, origin, message, remedy }) =>
      `${path} [${origin ?? ''}] ${message}. ${remedy}`.replaceAll(`${directory}/`, ''),
    );
  }

  it('gives every default when nothing is given', () => {
    const config = loadConfig({ file: write(''), env: {} });
    expect(config.output.hosts).to.deep.equal(['http://localhost:9200']);
    expect(config.output.batch).to.deep.equal({ max_bytes: 2_097_152, max_events: 5000, max_age_s: 1 });
    expect(config.inputs).to.deep.equal([]);
    expect(config.output).not.to.have.property('api_key');
  });

  it('works without the default file', () => {
    const before = process.cwd();
    process.chdir(directory);
    try {
      expect(loadConfig({ env: {} }).log.level).to.equal('info');
    } finally {
      process.chdir(before);
    }
  });

  it('reads the default file of the working directory', () => {
    const before = process.cwd();
    write('log: {level: warn}', 'cloudconnexa-ecs.yml');
    process.chdir(directory);
    try {
      expect(loadConfig({ env: {} }).log.level).to.equal('warn');
    } finally {
      process.chdir(before);
    }
  });

  it('takes the file from CLOUDCONNEXA_ECS_CONFIG', () => {
    const env = { CLOUDCONNEXA_ECS_CONFIG: write('log: {level: error}') };
    expect(loadConfig({ env }).log.level).to.equal('error');
  });

  it('fails when the file that was named is missing', () => {
    const { faults: found } = resolveConfig({ file: join(directory, 'none.yml'), env: {} });
    expect(found.map((fault) => fault.message)).to.deep.equal(['does not exist']);
  });

  it('takes --set over the environment over the file over the default', () => {
    const file = write('output: {max_in_flight: 3, namespace: file, gzip: false}');
    const env = { CLOUDCONNEXA_ECS_OUTPUT_MAX_IN_FLIGHT: '4', CLOUDCONNEXA_ECS_OUTPUT_NAMESPACE: 'env' };
    const { output } = loadConfig({ file, env, set: ['output.max_in_flight=5'] });
    expect([output.max_in_flight, output.namespace, output.gzip, output.engine]).to.deep.equal([
      5,
      'env',
      false,
      'auto',
    ]);
  });

  it('names the origin of each value', () => {
    const file = write('output:\n  namespace: file\n');
    const env = { CLOUDCONNEXA_ECS_OUTPUT_GZIP: 'false' };
    const { originOf } = resolveConfig({ file, env, set: ['log.level=warn'] });
    const paths = ['output.namespace', 'output.gzip', 'log.level', 'data_dir'];
    expect(paths.map(originOf)).to.deep.equal([
      `${file}:2`,
      'environment variable CLOUDCONNEXA_ECS_OUTPUT_GZIP',
      '--set',
      'default',
    ]);
  });

  it('throws one error that lists all faults', () => {
    const load = (): unknown => loadConfig({ file: write('output: {engin: auto, gzip: 1}\nlogs: {}\n'), env: {} });
    expect(load).to.throw(ConnectorError, /has 3 faults:\n {2}- logs .*\n {2}- output\.engin .*\n {2}- output\.gzip /);
  });

  it('needs inputs only where told', () => {
    expect(faults('')).to.deep.equal([]);
    expect(faults('', { needs: { inputs: true } })[0]).to.match(/^inputs .*nothing to read/);
  });

  it('passes over the output section where told', () => {
    const text = 'output: {api_key: "${UNSET}", nonsense: 1}\nlimits: {max_event_bytes: 2048}';
    const config = loadConfig({ file: write(text), env: {}, needs: { output: false } });
    expect([config.limits.max_event_bytes, config.output.max_in_flight]).to.deep.equal([2048, 8]);
  });

  it('reads a section whose lines are all comments as empty', () => {
    expect(loadConfig({ file: write('output:\n  # gzip: false\n'), env: {} }).output.gzip).to.equal(true);
  });

  it('reads inputs of all kinds with their defaults', () => {
    const { inputs } = loadConfig({
      file: write('inputs:\n  - type: file\n    paths: [a]\n  - type: stdin\n'),
      env: {},
    });
    expect(inputs).to.deep.equal([{ type: 'file', paths: ['a'], poll_interval_s: 10 }, { type: 'stdin' }]);
  });

  const bad: [name: string, text: string, expected: RegExp][] = [
    [
      'a misspelled setting',
      'output:\n  hots: [a]\n',
      /^output\.hots \[c\.yml:2\] is not a setting\. Did you mean hosts\?$/,
    ],
    ['a misspelled section', 'ouput: {}', /^ouput .*Did you mean output\?$/],
    ['a dotted name', 'log.level: info', /nested.*log: level/],
    ['__proto__ as a setting', '__proto__: {a: 1}', /^__proto__ .*is not a setting/],
    ['a text for a number', 'output: {max_in_flight: many}', /must be a whole number from 1 to 64/],
    ['a fraction for a whole number', 'output: {max_in_flight: 1.5}', /must be a whole number/],
    ['a number out of range', 'output: {max_in_flight: 65}', /must be a whole number from 1 to 64/],
    ['a YAML 1.1 boolean', 'output: {gzip: yes}', /must be true or false/],
    ['an unknown word', 'log: {level: warning}', /must be one of debug, info, warn, error\. Did you mean warn\?/],
    ['a number for a text', 'output: {username: u, password: 12345}', /^output\.password .*Put the value in quotes/],
    ['a text for a list', 'output: {hosts: "http://localhost"}', /^output\.hosts .*Write it as a list/],
    ['an empty list of hosts', 'output: {hosts: []}', /^output\.hosts .*at least one entry/],
    ['a value without content', 'data_dir:', /^data_dir .*has no value/],
    ['an empty text', 'data_dir: ""', /^data_dir .*not empty/],
    ['a scalar for a section', 'output: 5', /^output .*must be a section/],
    ['a file that is a list', '- a', /holds no settings/],
    ['a name given twice', 'log: {level: info}\nlog: {level: warn}', /^c\.yml:2 .*the same name is given twice/],
    ['an input without type', 'inputs: [{paths: [a]}]', /^inputs\.0\.type .*is missing: one of file, s3, sqs, stdin/],
    [
      'an input of unknown type',
      'inputs: [{type: fil}]',
      /^inputs\.0\.type .*file, s3, sqs, stdin\. Did you mean file\?/,
    ],
    ['an input without its paths', 'inputs: [{type: file}]', /^inputs\.0\.paths .*is missing/],
    ["another kind's setting", 'inputs: [{type: stdin, paths: [a]}]', /^inputs\.0\.paths .*is not a setting/],
    [
      'the same files twice',
      'inputs: [{type: file, paths: [a]}, {type: stdin}, {type: file, paths: [a]}]',
      /^inputs\.2 .*reads the same as inputs\.0/,
    ],
    [
      'the same bucket twice',
      'inputs: [{type: s3, bucket: aaa}, {type: s3, bucket: aaa, parallel: 2}]',
      /^inputs\.1 .*reads the same/,
    ],
    [
      'a bucket with its scheme',
      'inputs: [{type: s3, bucket: "s3://aaa/b"}]',
      /^inputs\.0\.bucket .*not the name of a bucket.*without s3:/,
    ],
    ['an s3 input without a bucket', 'inputs: [{type: s3}]', /^inputs\.0\.bucket .*is missing/],
    [
      'an access key without its secret',
      'inputs: [{type: s3, bucket: aaa, access_key_id: k}]',
      /^inputs\.0\.secret_access_key .*is missing/,
    ],
    [
      'a key and a profile',
      'inputs: [{type: sqs, queue_url: "https://q", profile: p, access_key_id: k, secret_access_key: "${K:x}"}]',
      /^inputs\.0\.profile .*together with access_key_id/,
    ],
    [
      'an external id without a role',
      'inputs: [{type: s3, bucket: aaa, role_external_id: x}]',
      /^inputs\.0\.role_arn .*is missing/,
    ],
    [
      'a role that is no ARN',
      'inputs: [{type: s3, bucket: aaa, role_arn: reader}]',
      /^inputs\.0\.role_arn .*arn:aws:iam::/,
    ],
    [
      'a start time without a zone',
      'inputs: [{type: s3, bucket: aaa, start_time: "2026-01-01T00:00:00"}]',
      /^inputs\.0\.start_time .*with its zone/,
    ],
    [
      'a start time that does not exist',
      'inputs: [{type: s3, bucket: aaa, start_time: "2026-13-01"}]',
      /^inputs\.0\.start_time /,
    ],
    ['a tag without a value', 'inputs: [{type: s3, bucket: aaa, done_tag: done}]', /^inputs\.0\.done_tag .*key=value/],
    [
      'an endpoint that is no URL',
      'inputs: [{type: s3, bucket: aaa, endpoint: "minio:9000"}]',
      /^inputs\.0\.endpoint .*https:/,
    ],
    ['a queue that is no URL', 'inputs: [{type: sqs, queue_url: my-queue}]', /^inputs\.0\.queue_url .*not an http/],
    [
      'an endpoint with credentials',
      'inputs: [{type: s3, bucket: aaa, endpoint: "https://a:b@s3"}]',
      /^inputs\.0\.endpoint .*access_key_id and secret_access_key/,
    ],
    ['stdin twice', 'inputs: [{type: stdin}, {type: stdin}]', /^inputs\.1 .*second stdin/],
    ['a host that is no URL', 'output: {hosts: ["es:9200"]}', /^output\.hosts\.0 .*not an http or https URL/],
    [
      'a host with credentials',
      'output: {hosts: ["https://a:b@es"]}',
      /^output\.hosts\.0 .*output\.username and output\.password/,
    ],
    ['a host with a query', 'output: {hosts: ["https://es/?a"]}', /query/],
    ['a bad network', 'mapping: {internal_networks: [10.0.0.0/33]}', /^mapping\.internal_networks\.0 .*CIDR/],
    ['an address without prefix', 'mapping: {internal_networks: [10.0.0.1]}', /CIDR/],
    ['a bad namespace', 'output: {namespace: a-b}', /^output\.namespace .*no hyphen/],
    ['a bad fingerprint', 'output: {hosts: ["https://es"], ca_fingerprint: abcd}', /^output\.ca_fingerprint .*SHA-256/],
    ['a missing CA file', 'output: {ca: /nowhere/ca.pem}', /^output\.ca .*not a file that can be read/],
    ['a user name without password', 'output: {username: u}', /^output\.password .*is missing/],
    ['a password without user name', 'output: {password: p}', /^output\.username .*is missing/],
    [
      'two ways to log in',
      'output: {api_key: k, username: u, password: p}',
      /^output\.api_key .*together with output\.username/,
    ],
    [
      'a login and a signature',
      'output: {api_key: k, aws: {service: es}}',
      /^output\.api_key .*together with output\.aws\.service/,
    ],
    [
      'keys of AWS without a service',
      'output: {aws: {access_key_id: k, secret_access_key: "${K:x}"}}',
      /^output\.aws\.service .*is missing, while output\.aws\.access_key_id/,
    ],
    [
      'a key of AWS without its secret',
      'output: {aws: {service: es, access_key_id: k}}',
      /^output\.aws\.secret_access_key .*is missing/,
    ],
    [
      'a profile and keys of AWS',
      'output: {aws: {service: aoss, profile: p, access_key_id: k, secret_access_key: "${K:x}"}}',
      /^output\.aws\.profile .*together with access_key_id/,
    ],
    ['another service of AWS', 'output: {aws: {service: s3}}', /^output\.aws\.service .*one of es, aoss/],
    [
      'a first wait above the longest',
      'output: {retry: {initial_ms: 5000, max_s: 1}}',
      /^output\.retry\.initial_ms .*longer/,
    ],
    ['a token with a line break', 'output: {api_key: "a\\nb"}', /^output\.api_key .*line break/],
  ];
  for (const [name, text, expected] of bad) {
    it(`refuses ${name}`, () => {
      const found = faults(text);
      expect(found).to.have.length(1);
      expect(found[0]).to.match(expected);
    });
  }

  it('refuses a secret of AWS in arguments', () => {
    const found = faults('', { set: ['output.aws.secret_access_key=x'] });
    expect(found[0]).to.match(/^output\.aws\.secret_access_key .*arguments are visible/);
  });

  it('refuses a fingerprint for a host without TLS', () => {
    const text = `output: {hosts: ["http://localhost:1"], ca_fingerprint: "${'ab'.repeat(32)}"}`;
    expect(faults(text)[0]).to.match(/^output\.hosts\.0 .*asks for TLS/);
  });

  describe('with credentials', () => {
    const credentials = (host: string, more = ''): string => `output: {hosts: ["${host}"], api_key: k${more}}`;
    for (const host of ['http://localhost:9200', 'http://127.0.0.2', 'http://[::1]:9200', 'https://es.example']) {
      it(`sends them to ${host}`, () => expect(faults(credentials(host))).to.deep.equal([]));
    }
    for (const host of [
      'http://es.example',
      'http://localhost.example',
      'http://10.0.0.1',
      'http://127.0.0.1.example',
    ]) {
      it(`refuses to send them to ${host}`, () => expect(faults(credentials(host))[0]).to.match(/plain http/));
    }
    const kinds: readonly string[] = [
      'api_key: k',
      'bearer_token: k',
      'username: u, password: k',
      'aws: {service: es}',
      'aws: {service: aoss, access_key_id: k, secret_access_key: "${K:x}"}',
    ];
    for (const kind of kinds) {
      it(`sends ${kind} over plain http only when told so`, () => {
        const text = (more: string): string => `output: {hosts: ["http://es.example"], ${kind}${more}}`;
        expect(faults(text(''))[0]).to.match(/^output\.hosts\.0 .*plain http/);
        expect(faults(text(', allow_insecure_auth: true'))).to.deep.equal([]);
      });
    }
  });
});
