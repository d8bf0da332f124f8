import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { expect } from 'chai';
import { main } from '../../../src/cli/main.js';
import { Secrets } from '../../../src/config/secrets.js';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the command line', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ccx-cli-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  async function run(argv: string[], env: Record<string, string> = {}, isTTY = false): Promise<Outcome> {
    const stdout = new PassThrough();
    const stderr = Object.assign(new PassThrough(), { isTTY });
    const signal = new AbortController().signal;
    const code = await main(argv, { stdin: Readable.from([]), stdout, stderr, env, signal, secrets: new Secrets() });
    const read = (stream: PassThrough): string => ((stream.read() as Buffer | null) ?? '').toString();
    return { code, stdout: read(stdout), stderr: read(stderr) };
  }
  function write(text: string): string {
    const file = join(directory, 'c.yml');
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  it('prints its version', async () => {
    expect(await run(['--version']))
      .to.include({ code: 0, stderr: '' })
      .and.property('stdout')
      .match(/^\d+\.\d+\.\d+\n$/);
  });

  it('prints help with examples on stdout', async () => {
    const { code, stdout } = await run(['map', '--help']);
    expect(code).to.equal(0);
    expect(stdout).to.match(/Usage: cloudconnexa-ecs map .*Examples:/s);
  });

  for (const command of ['map', 'setup', 'run', 'status', 'uninstall', 'export', 'demo', 'reject', 'test', 'config']) {
    it(`has help for ${command}`, async () => {
      expect((await run([command, '--help'])).stdout).to.contain(`Usage: cloudconnexa-ecs ${command}`);
    });
  }

  const wrong: [name: string, argv: string[]][] = [
    ['an unknown command', ['mop']],
    ['no command', []],
    ['half a command', ['reject']],
    ['an unknown option', ['run', '--onec']],
    ['a missing argument', ['export']],
    ['an argument too many', ['run', 'now']],
    ['an option without its value', ['run', '--config']],
    ['an unknown log level', ['run', '--log-level', 'loud']],
    ['a seed that is no number', ['demo', '--seed', 'x']],
    ['no events', ['demo', '--events', '0']],
  ];
  for (const [name, argv] of wrong) {
    it(`ends with 2 and CCX_USAGE for ${name}`, async () => {
      const { code, stdout, stderr } = await run(argv);
      expect([code, stdout]).to.deep.equal([2, '']);
      expect(stderr).to.match(/error CCX_USAGE: .+\n {2}fix: .+--help/);
    });
  }

  it('does not repeat what follows an unknown option', async () => {
    expect((await run(['run', '--api-key=hunter2'])).stderr)
      .to.contain("'--api-key'")
      .and.not.contain('hunter2');
  });

  it('takes global options before and after the command', async () => {
    const file = write('log: {level: warn}');
    for (const argv of [
      ['-c', file, 'config', 'show'],
      ['config', 'show', '-c', file],
    ]) {
      expect((await run(argv)).stdout).to.contain(`log.level = "warn"  # ${file}:1`);
    }
  });

  it('takes --set several times', async () => {
    const argv = ['config', 'show', '-c', write(''), '-s', 'output.gzip=false', '--set', 'data_dir=d'];
    expect((await run(argv)).stdout)
      .to.contain('output.gzip = false  # --set')
      .and.contain('data_dir = "d"  # --set');
  });

  it('ends with 2 and all faults for a wrong configuration', async () => {
    for (const command of [
      ['config', 'show'],
      ['test', 'config'],
      ['test', 'output'],
    ]) {
      const { code, stderr } = await run([...command, '-c', write('a: 1\nb: 2\n')]);
      expect(code, stderr).to.equal(2);
      expect(stderr).to.match(
        /^error CCX_CONFIG_INVALID: .*2 faults:\n {2}- a .*\n {2}- b .*\n {2}at: .*c\.yml\n {2}fix: /,
      );
    }
  });

  it('shows secrets as ***', async () => {
    const file = write('output: {username: bob, password: hunter2}');
    for (const more of [[], ['--json']]) {
      const { code, stdout, stderr } = await run(['config', 'show', '-c', file, ...more]);
      expect([code, stderr]).to.deep.equal([0, '']);
      expect(stdout).to.contain('***').and.contain('bob').and.not.contain('hunter2');
    }
  });

  it('shows the settings as JSON', async () => {
    const { stdout } = await run(['config', 'show', '--json', '-c', write('')]);
    const shown = JSON.parse(stdout) as { path: string }[];
    expect(shown.find(({ path }) => path === 'output.gzip')).to.deep.equal({
      path: 'output.gzip',
      value: true,
      origin: 'default',
    });
  });

  it('prints an example that it takes itself', async () => {
    const { stdout } = await run(['config', 'example']);
    expect(await run(['test', 'config', '-c', write(stdout)])).to.include({ code: 0, stderr: '' });
  });

  it('says what a valid configuration holds', async () => {
    const file = write('output: {username: bob, password: hunter2}\ninputs: [{type: stdin}]');
    const { stdout } = await run(['test', 'config', '-c', file]);
    expect(stdout)
      .to.match(/^OK: .*login as bob\n {2}inputs: stdin\n/s)
      .and.not.contain('hunter2');
  });

  it('colours errors on a terminal, unless NO_COLOR is set', async () => {
    expect((await run(['mop'], {}, true)).stderr).to.contain('\u001b[1;31merror\u001b[0m CCX_USAGE');
    expect((await run(['mop'], { NO_COLOR: '1' }, true)).stderr).to.match(/^error CCX_USAGE/);
    expect((await run(['mop'], {}, false)).stderr).to.match(/^error CCX_USAGE/);
  });
});
