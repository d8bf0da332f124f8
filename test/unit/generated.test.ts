import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { format, resolveConfig } from 'prettier';
import { generators, type GeneratedFile } from '../../scripts/generators.js';
import { packagePath } from '../../src/package-root.js';

async function isCurrent({ path, content }: GeneratedFile): Promise<boolean> {
  const filepath = packagePath(path);
  const formatted = await format(content, { ...(await resolveConfig(filepath)), filepath });
  return readFileSync(filepath, 'utf8') === formatted;
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
