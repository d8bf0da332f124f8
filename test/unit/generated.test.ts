import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { format, getFileInfo, resolveConfig } from 'prettier';
import { generators, type GeneratedFile } from '../../scripts/generators.js';
import { packagePath } from '../../src/package-root.js';

async function isCurrent({ path, content }: GeneratedFile): Promise<boolean> {
  const filepath = packagePath(path);
  return readFileSync(filepath, 'utf8') === (await formatted(content, filepath));
}

/** What Prettier has no rules for, such as ndjson, stays as it is. */
async function formatted(content: string, filepath: string): Promise<string> {
  const { inferredParser } = await getFileInfo(filepath);
  return inferredParser === null ? content : format(content, { ...(await resolveConfig(filepath)), filepath });
}

describe('generated files', () => {
  for (const [index, generate] of generators.entries()) {
    it(`of generator ${generate.name || index} are what npm run generate writes`, async () => {
      const files = generate();
      const current = await Promise.all(files.map(isCurrent));
      expect(files.filter((_, i) => !current[i]).map(({ path }) => path)).to.deep.equal([]);
    });
  }
});
