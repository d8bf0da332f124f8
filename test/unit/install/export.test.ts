import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportCommand } from '../../../src/commands/export.js';
import { ConnectorError } from '../../../src/errors.js';
import { isBuilt } from '../../../src/install/build.js';
import { generateTemplates } from '../../../src/install/generate.js';
import { loadManifest } from '../../../src/manifest.js';
import { packageJson, packagePath } from '../../../src/package-root.js';
import { contextFor } from './cluster.js';

describe('exported and generated assets', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'cloudconnexa-ecs-'));
  });

  afterEach(() => rm(dir, { recursive: true, force: true }));

  async function exported(...args: string[]): Promise<string[]> {
    const { context, stdout } = contextFor('http://127.0.0.1:1');
    await exportCommand(args, context);
    return stdout().trimEnd().split('\n');
  }

  it('writes one file for each asset that a cluster stores and each engine, without a cluster', async () => {
    const files = await exported('templates', dir);
    const assets = loadManifest()
      .assets.filter(isBuilt)
      .reduce((sum, { targets }) => sum + targets.length, 0);
    expect(files).to.have.length(assets);
    for (const file of files)
      expect(JSON.parse(await readFile(file, 'utf8')), file).to.be.an('object').that.is.not.empty;
  });

  it('writes the dashboards as the front ends import them', async () => {
    const files = await exported('dashboards', dir);
    expect(files).to.have.members(
      ['kibana', 'opensearch-dashboards'].map((name) => join(dir, 'dashboards', `${name}.ndjson`)),
    );
    for (const { name } of loadManifest().assets.filter(({ kind }) => kind === 'saved_objects')) {
      const written = await readFile(join(dir, name.replace('/generated', '')), 'utf8');
      expect(written, name).to.equal(readFileSync(packagePath(name), 'utf8'));
    }
  });

  it('writes the rules for Kibana, for OpenSearch Alerting and for any other SIEM', async () => {
    const files = await exported('rules', dir);
    expect(files).to.include(join(dir, 'rules', 'kibana.ndjson'));
    expect(files).to.include(join(dir, 'rules', 'opensearch', 'cloudconnexa-port-scan.json'));
    expect(files).to.include(join(dir, 'rules', 'sigma', 'cloudconnexa-port-scan.yml'));
  });

  it('writes a role for each job and engine, as it is checked in', async () => {
    const files = await exported('roles', dir);
    const { privileges } = loadManifest();
    expect(files).to.have.length(Object.values(privileges).flatMap((jobs) => Object.keys(jobs)).length);
    for (const file of files) {
      const checkedIn = packageJson(file.slice(dir.length + 1));
      expect(JSON.parse(await readFile(file, 'utf8')), file).to.deep.equal(checkedIn);
    }
  });

  it('writes all when it is not told what', async () => {
    const all = await exported(dir);
    expect(await exported('all', dir)).to.deep.equal(all);
    const parts = await Promise.all(['templates', 'dashboards', 'rules', 'roles'].map((kind) => exported(kind, dir)));
    expect(all).to.deep.equal(parts.flat());
  });

  for (const args of [[], ['dashboards'], ['dashboard', 'dir'], ['rules', 'a', 'b'], ['']]) {
    it(`takes ${JSON.stringify(args)} for a mistake`, async () => {
      const { context, stdout } = contextFor('http://127.0.0.1:1');
      await expectFailure(exportCommand(args, context), 'CCX_USAGE');
      expect(stdout()).to.equal('');
    });
  }

  it('writes the lifecycle of the settings', async () => {
    const { context } = contextFor('http://127.0.0.1:1', { lifecycle: { delete_after_days: 12 } });
    await exportCommand([dir], context);
    const file = join(dir, 'elasticsearch', '10-ilm_policy-logs-cloudconnexa@lifecycle.json');
    expect(await readFile(file, 'utf8')).to.contain('"min_age": "12d"');
  });

  it('says which file could not be written', async () => {
    const { context } = contextFor('http://127.0.0.1:1');
    await expectFailure(exportCommand(['/dev/null/x'], context), 'CCX_EXPORT_FAILED');
  });

  for (const { path, content } of generateTemplates()) {
    it(`has the checked-in ${path} as it is generated`, () => {
      expect(packageJson(path)).to.deep.equal(JSON.parse(content));
    });
  }
});

async function expectFailure(work: Promise<unknown>, code: string): Promise<void> {
  const error: unknown = await work.catch((caught: unknown) => caught);
  expect(error).to.be.instanceOf(ConnectorError);
  expect((error as ConnectorError).code).to.equal(code);
}
