import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadConfig } from '../../../src/config.js';
import { resolveConfig } from '../../../src/config/load.js';
import { knownPaths, pathOfVariable } from '../../../src/config/lookup.js';
import { environmentName, inputList, settingList } from '../../../src/config/settings.js';

describe('values from the environment and --set', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ccx-layers-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function write(text: string, name = 'c.yml'): string {
    const file = join(directory, name);
    writeFileSync(file, text);
    return file;
  }
  type Env = Record<string, string>;
  const load = (env: Env, set: string[] = [], text = ''): ReturnType<typeof loadConfig> =>
    loadConfig({ file: write(text), env, set });
  const faults = (env: Env, set: string[] = [], text = ''): string[] =>
    resolveConfig({ file: write(text), env, set }).faults.map((f) => `${f.path} ${f.message}. ${f.remedy}`);

  it('gives every setting its own environment variable', () => {
    expect(new Set(knownPaths.map(environmentName)).size).to.equal(knownPaths.length);
    for (const path of knownPaths) expect(pathOfVariable(environmentName(path))).to.equal(path);
  });

  for (const [path, setting] of settingList) {
    if (setting.type === 'inputs' || setting.format === 'certificate_file') continue;
    const text = Array.isArray(setting.example) ? setting.example.join(',') : String(setting.example);
    // A single credential is a fault of its own, which says that it was read.
    it(`reads ${path} from the environment`, () => {
      const { originOf, faults: found } = resolveConfig({ file: write(''), env: { [environmentName(path)]: text } });
      expect(originOf(path)).to.equal(`environment variable ${environmentName(path)}`);
      expect(found.filter((fault) => fault.path === path)).to.deep.equal([]);
    });
    it(`${setting.secret ? 'refuses' : 'reads'} ${path} in --set`, () => {
      const { faults: found } = resolveConfig({ file: write(''), env: {}, set: [`${path}=${text}`] });
      const refused = found.some((fault) => fault.path === path && fault.message.includes('visible'));
      expect(refused).to.equal(setting.secret === true);
    });
  }

  it('gives settings of the same name in two kinds of input the same type', () => {
    const types = new Map<string, string>();
    for (const [, entries] of inputList) {
      for (const [name, setting] of entries) expect(types.get(name) ?? setting.type).to.equal(setting.type);
      for (const [name, setting] of entries) types.set(name, setting.type);
    }
  });

  it('reads lists with commas or as YAML', () => {
    const set = ['output.hosts=http://localhost:1, http://localhost:2', 'mapping.internal_networks=["192.0.2.0/24"]'];
    const config = load({}, set);
    expect(config.output.hosts).to.deep.equal(['http://localhost:1', 'http://localhost:2']);
    expect(config.mapping.internal_networks).to.deep.equal(['192.0.2.0/24']);
  });

  it('makes input entries from single values in any order', () => {
    const env = { CLOUDCONNEXA_ECS_INPUTS_0_PATHS: 'a,b', CLOUDCONNEXA_ECS_INPUTS_0_TYPE: 'file' };
    expect(load(env, ['inputs.1.type=stdin']).inputs).to.deep.equal([
      { type: 'file', paths: ['a', 'b'], poll_interval_s: 10 },
      { type: 'stdin' },
    ]);
  });

  it("changes one value of the file's entry", () => {
    const text = 'inputs: [{type: file, paths: [a], poll_interval_s: 3}]';
    const { inputs } = load({}, ['inputs.0.paths=b'], text);
    expect(inputs).to.deep.equal([{ type: 'file', paths: ['b'], poll_interval_s: 3 }]);
  });

  it('replaces all inputs by a YAML list, whatever the order of --set', () => {
    const set = ['inputs.0.poll_interval_s=7', 'inputs=[{type: file, paths: [x]}]'];
    const { inputs } = load({}, set, 'inputs: [{type: stdin}, {type: file, paths: [a]}]');
    expect(inputs).to.deep.equal([{ type: 'file', paths: ['x'], poll_interval_s: 7 }]);
  });

  it('refuses a gap between input entries', () => {
    expect(faults({}, ['inputs.2.type=stdin'])[0]).to.match(/^inputs\.2\.type .*inputs\.0\./);
  });

  it('counts an empty variable as not set', () => {
    expect(load({ CLOUDCONNEXA_ECS_OUTPUT_API_KEY: '' }).output).not.to.have.property('api_key');
  });

  it('refuses an unknown variable and names the nearest', () => {
    expect(faults({ CLOUDCONNEXA_ECS_OUTPUT_HOST: 'x' })).to.deep.equal([
      'CLOUDCONNEXA_ECS_OUTPUT_HOST is an environment variable that sets nothing. Did you mean CLOUDCONNEXA_ECS_OUTPUT_HOSTS?',
    ]);
  });

  it('passes over the variables that Kubernetes sets for a service of this name', () => {
    const env = {
      CLOUDCONNEXA_ECS_SERVICE_HOST: '192.0.2.1',
      CLOUDCONNEXA_ECS_SERVICE_PORT: '80',
      CLOUDCONNEXA_ECS_PORT: 'tcp://192.0.2.1:80',
      CLOUDCONNEXA_ECS_PORT_80_TCP_ADDR: '192.0.2.1',
    };
    expect(faults(env)).to.deep.equal([]);
  });

  it('refuses an unknown path in --set and names the nearest', () => {
    expect(faults({}, ['output.gzp=true'])[0]).to.equal('output.gzp is not a setting. Did you mean output.gzip?');
  });

  it('refuses --set without a value, without repeating it', () => {
    expect(faults({}, ['hunter2hunter2'])[0])
      .to.match(/^--set is not of the form/)
      .and.not.contain('hunter2');
  });

  for (const [type, path, text] of [
    ['boolean', 'output.gzip', 'yes'],
    ['whole number', 'output.max_in_flight', '4x'],
    ['number', 'output.request_timeout_s', ''],
    ['list', 'inputs', '[{'],
  ] as const) {
    it(`refuses a text that is no ${type}`, () => {
      expect(faults({}, [`${path}=${text}`])[0]).to.match(new RegExp(`^${path.replace('.', '\\.')} must be`));
    });
  }

  describe('secrets from files', () => {
    it('reads one and drops its line end', () => {
      const file = write('s3cret\r\n', 'key');
      expect(load({}, [`output.api_key_file=${file}`]).output.api_key).to.equal('s3cret');
    });
    it('leaves nothing of the file setting in the configuration', () => {
      expect(load({}, [`output.api_key_file=${write('k', 'key')}`]).output).not.to.have.property('api_key_file');
    });
    it('refuses both forms in one layer', () => {
      const text = `output: {api_key: k, api_key_file: ${write('k', 'key')}}`;
      expect(faults({}, [], text)).to.deep.equal([
        'output.api_key_file is given together with output.api_key. Give only one of the two.',
      ]);
    });
    it('takes the form of the upper layer', () => {
      const text = `output: {api_key_file: ${write('from-file', 'key')}}`;
      expect(load({ CLOUDCONNEXA_ECS_OUTPUT_API_KEY: 'from-env' }, [], text).output.api_key).to.equal('from-env');
    });
    it('refuses a file that is missing', () => {
      expect(faults({}, ['output.api_key_file=/nowhere'])[0]).to.match(/^output\.api_key_file .*cannot be read/);
    });
    it('refuses an empty file', () => {
      expect(faults({}, [`output.api_key_file=${write('\n', 'key')}`])[0]).to.match(/empty file/);
    });
  });

  describe('variables in the file', () => {
    it('puts one in', () => {
      expect(load({ NAME: 'x' }, [], 'output: {namespace: "a${NAME}b"}').output.namespace).to.equal('axb');
    });
    it('takes the default, colons included, when it is not set or empty', () => {
      const text = 'output: {hosts: ["${HOST:http://localhost:1}"]}';
      expect(load({}, [], text).output.hosts).to.deep.equal(['http://localhost:1']);
      expect(load({ HOST: '' }, [], text).output.hosts).to.deep.equal(['http://localhost:1']);
    });
    it('refuses one that is not set and has no default, with its line', () => {
      const [fault] = resolveConfig({ file: write('output:\n  namespace: ${NOPE}\n'), env: {} }).faults;
      expect(fault?.path).to.equal('output.namespace');
      expect(fault?.message).to.equal('needs NOPE, which neither the keystore nor the environment has');
      expect(fault?.origin).to.match(/:2$/);
    });
    it('reads numbers and lists out of them', () => {
      const text = 'output: {max_in_flight: "${N}", hosts: "${HOSTS}"}';
      const { output } = load({ N: '7', HOSTS: 'http://localhost:1,http://localhost:2' }, [], text);
      expect([output.max_in_flight, output.hosts.length]).to.deep.equal([7, 2]);
    });
    it('cannot add settings through a value', () => {
      const evil = 'x\n  gzip: false';
      expect(load({ EVIL: evil }, [], 'data_dir: "${EVIL}"').data_dir).to.equal(evil);
    });
    it('does not look at a value again', () => {
      expect(load({ A: '${B}', B: 'x' }, [], 'data_dir: "${A}"').data_dir).to.equal('${B}');
    });
    it('keeps $${ as it is meant', () => {
      expect(load({}, [], 'data_dir: "$${A}"').data_dir).to.equal('${A}');
    });
    it('refuses a ${ that begins no variable', () => {
      expect(faults({}, [], 'data_dir: "a${b c}"')[0]).to.match(/^data_dir has a \$\{ that begins no variable/);
    });
  });
});
