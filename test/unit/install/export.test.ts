import { expect } from 'chai';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportCommand } from '../../../src/commands/export.js';
import { ConnectorError } from '../../../src/errors.js';
import { generateTemplates } from '../../../src/install/generate.js';
import { loadManifest } from '../../../src/manifest.js';
import { packageJson } from '../../../src/package-root.js';
import { contextFor } from './cluster.js';

describe('exported and generated assets', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'cloudconnexa-ecs-'));
  });

  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('writes one file for each asset and engine, without a cluster', async () => {
    const { context, stdout } = contextFor('http://127.0.0.1:1');
    await exportCommand([dir], context);
    const assets = loadManifest().assets.reduce((sum, { targets }) => sum + targets.length, 0);
    const files = stdout().trimEnd().split('\n');
    expect(files).to.have.length(assets);
    for (const file of files)
      expect(JSON.parse(await readFile(file, 'utf8')), file).to.be.an('object').that.is.not.empty;
  });

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
