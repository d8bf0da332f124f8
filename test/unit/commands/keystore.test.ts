import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { expect } from 'chai';
import { main } from '../../../src/cli/main.js';
import { Secrets } from '../../../src/config/secrets.js';
import { tempDir } from '../../support/temp-dir.js';

describe('keystore', function () {
  this.timeout(60_000);
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await tempDir();
    file = join(folder, 'c.yml');
    await writeFile(file, 'output: {username: "${USER_NAME}", password: "${PW}"}\n', { mode: 0o600 });
  });

  async function run(argv: string[], input: string | Buffer = '', env: Record<string, string> = {}) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const stdin = Readable.from([Buffer.from(input)]);
    const signal = new AbortController().signal;
    const code = await main(['-c', file, ...argv], { stdin, stdout, stderr, env, signal, secrets: new Secrets() });
    const read = (stream: PassThrough): string => ((stream.read() as Buffer | null) ?? '').toString();
    return { code, stdout: read(stdout), stderr: read(stderr) };
  }

  it('is made beside the configuration file, filled, listed and used', async () => {
    const path = join(folder, 'cloudconnexa-ecs.keystore');
    expect((await run(['keystore', 'create', '--no-password'])).stdout).to.equal(
      `Created ${path} without a password: its mode alone protects it.\n`,
    );
    expect((await run(['keystore', 'set', 'USER_NAME', '--stdin'], 'shipper\n')).stdout).to.equal('Added USER_NAME.\n');
    expect((await run(['keystore', 'set', 'PW', '--stdin'], 'hunter2')).stdout).to.equal('Added PW.\n');
    expect((await run(['keystore', 'list'])).stdout).to.equal('PW\nUSER_NAME\n');
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    for (const more of [[], ['--json']]) {
      const { code, stdout, stderr } = await run(['config', 'show', ...more]);
      expect([code, stderr]).to.deep.equal([0, '']);
      expect(stdout)
        .to.contain('keystore USER_NAME')
        .and.contain('keystore PW')
        .and.not.match(/shipper|hunter2/);
    }
    expect((await run(['test', 'config'])).stdout)
      .to.contain('login as ***')
      .and.not.contain('shipper');
  });

  it('takes a value from the standard input whole, but for the line ends at its end', async () => {
    await writeFile(file, 'output: {username: u, password: "${PW}"}\ndata_dir: "${DIR}"');
    await run(['keystore', 'create', '--no-password']);
    await run(['keystore', 'set', 'PW', '--stdin'], '  a\n\nпароль\r\n');
    await run(['keystore', 'set', 'DIR', '--stdin'], 'd');
    const { loadConfig } = await import('../../../src/config.js');
    expect(loadConfig({ file, env: {} }).output.password).to.equal('  a\n\nпароль');
  });

  it('replaces and removes a value', async () => {
    await run(['keystore', 'create', '--no-password']);
    await run(['keystore', 'set', 'PW', '--stdin'], 'one');
    expect((await run(['keystore', 'set', 'PW', '--stdin'], 'two')).stdout).to.equal('Replaced PW.\n');
    expect((await run(['keystore', 'remove', 'PW'])).stdout).to.equal('Removed PW.\n');
    expect(await run(['keystore', 'list'])).to.deep.include({ code: 0, stdout: '' });
    const again = await run(['keystore', 'remove', 'PW']);
    expect([again.code, again.stderr]).to.deep.equal([2, again.stderr]);
    expect(again.stderr).to.match(/^error CCX_KEYSTORE_NAME: .*\n {2}at: .*keystore\n {2}fix: /);
  });

  it('gets, changes and loses its password, and the values stay', async () => {
    const first = { CLOUDCONNEXA_ECS_KEYSTORE_PASSWORD: 'first word' };
    const second = { CLOUDCONNEXA_ECS_KEYSTORE_PASSWORD: 'second word' };
    expect((await run(['keystore', 'create'], '', first)).stdout).to.match(/with a password\.\n$/);
    await run(['keystore', 'set', 'PW', '--stdin'], 'hunter2', first);
    expect((await run(['keystore', 'passwd', '--stdin'], 'second word\n', first)).code).to.equal(0);
    expect((await run(['keystore', 'list'], '', first)).stderr).to.contain('CCX_KEYSTORE_PASSWORD');
    expect((await run(['keystore', 'list'])).stderr).to.contain('CCX_KEYSTORE_LOCKED');
    expect((await run(['keystore', 'passwd', '--no-password'], '', second)).stdout).to.match(/no password now/);
    expect((await run(['keystore', 'list'])).stdout).to.equal('PW\n');
  });

  it('says that nothing came on the standard input, and not to use it', async () => {
    await run(['keystore', 'create', '--no-password']);
    const { stderr } = await run(['keystore', 'set', 'PW', '--stdin'], '');
    expect(stderr).to.contain('nothing came on the standard input').and.not.contain('--stdin');
  });

  const refused: [what: string, argv: string[], input: string | Buffer, code: string][] = [
    ['an empty value', ['set', 'PW', '--stdin'], '\n', 'CCX_KEYSTORE_VALUE'],
    ['a value that is too large', ['set', 'PW', '--stdin'], 'x'.repeat(65_537), 'CCX_KEYSTORE_VALUE'],
    ['a value that is no text', ['set', 'PW', '--stdin'], Buffer.from([0xff, 0xfe]), 'CCX_KEYSTORE_VALUE'],
    ['no value, without a terminal', ['set', 'PW'], 'hunter2', 'CCX_KEYSTORE_VALUE'],
    ['a name that the configuration cannot use', ['set', 'my-name', '--stdin'], 'x', 'CCX_KEYSTORE_NAME'],
    ['a value in the name', ['set', 'PW=hunter2', '--stdin'], 'x', 'CCX_KEYSTORE_NAME'],
    ['a value as an argument', ['set', 'PW', 'hunter2'], '', 'CCX_USAGE'],
    ['a value as an option', ['set', 'PW', '--value=hunter2'], '', 'CCX_USAGE'],
    ['a keystore where there is one', ['create', '--no-password'], '', 'CCX_KEYSTORE_EXISTS'],
    ['a keystore without a word about its password', ['create'], '', 'CCX_KEYSTORE_LOCKED'],
  ];
  for (const [what, argv, input, code] of refused) {
    it(`refuses ${what}, without repeating it, and stays as it was`, async () => {
      await run(['keystore', 'create', '--no-password']);
      const before = await readFile(join(folder, 'cloudconnexa-ecs.keystore'));
      const ended = await run(['keystore', ...argv], input);
      expect([ended.code, ended.stdout]).to.deep.equal([2, '']);
      expect(ended.stderr).to.contain(`error ${code}: `).and.not.contain('hunter2');
      expect(await readFile(join(folder, 'cloudconnexa-ecs.keystore'))).to.deep.equal(before);
    });
  }

  it('can be made while the configuration still has faults', async () => {
    await writeFile(file, 'nonsense: 1\noutput: {gzip: 7}\n');
    expect((await run(['keystore', 'create', '--no-password'])).code).to.equal(0);
  });

  it('is not made at a guess where the configuration cannot be read', async () => {
    await writeFile(file, 'keystore: "a\n');
    expect((await run(['keystore', 'create', '--no-password'])).stderr).to.contain('CCX_CONFIG_INVALID');
  });
});
