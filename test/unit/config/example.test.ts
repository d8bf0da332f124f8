import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadConfig } from '../../../src/config.js';
import { exampleYaml } from '../../../src/config/example.js';
import { resolveConfig } from '../../../src/config/load.js';
import { inputList, settingList } from '../../../src/config/settings.js';

describe('the reference configuration', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ccx-example-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function write(text: string): string {
    const file = join(directory, 'c.yml');
    writeFileSync(file, text);
    return file;
  }

  it('loads as it is', () => {
    const config = loadConfig({ file: write(exampleYaml()), env: {}, needs: { inputs: true } });
    expect(config.inputs.map((input) => input.type)).to.deep.equal(['file']);
  });

  it('says the same as no file, apart from the input', () => {
    const example = loadConfig({ file: write(exampleYaml()), env: {} });
    expect({ ...example, inputs: [] }).to.deep.equal(loadConfig({ file: write(''), env: {} }));
  });

  it('names every setting', () => {
    const names = [...settingList.keys()].map((path) => path.split('.').pop());
    const inputs = [...inputList.values()].flatMap((entries) => [...entries.keys()]);
    const lines = exampleYaml().split('\n');
    for (const name of [...names, ...inputs]) {
      expect(lines.some((line) => line.replace(/^[\s#]*/, '').startsWith(`${name}:`))).to.equal(true, name);
    }
  });

  for (const name of ['api_key', 'bearer_token', 'username', 'ca_fingerprint', 'type: stdin']) {
    it(`loads with ${name} taken out of its comment`, () => {
      const wanted = name === 'username' ? ['username', 'password'] : [name];
      const lines = exampleYaml().split('\n');
      const text = lines
        .map((line) =>
          wanted.some((one) => /^\s*# (?:- )?/.test(line) && uncommented(line).replace('- ', '').startsWith(one))
            ? line.replace('# ', '')
            : line,
        )
        .join('\n')
        .replace('http://localhost', 'https://localhost');
      const env = {
        ...{ ELASTIC_API_KEY: 'k', ELASTIC_TOKEN: 't', ELASTIC_PASSWORD: 'p' },
        ...{ KIBANA_API_KEY: 'k', KIBANA_PASSWORD: 'p' },
      };
      expect(text).not.to.equal(exampleYaml());
      expect(resolveConfig({ file: write(text), env }).faults).to.deep.equal([]);
    });
  }

  for (const [path, setting] of settingList) {
    if (setting.secret || setting.format === 'certificate_file' || path === 'output.username') continue;
    it(`gives an example of ${path} that loads`, () => {
      const name = path.split('.').reverse();
      const tree = name.reduce<unknown>((inner, key) => ({ [key]: inner }), setting.example);
      const faults = resolveConfig({ file: write(JSON.stringify(tree)), env: {} }).faults;
      expect(faults.filter((fault) => fault.path.startsWith(path))).to.deep.equal([]);
    });
  }

  function uncommented(line: string): string {
    return line.replace(/^\s*# /, '');
  }
});
