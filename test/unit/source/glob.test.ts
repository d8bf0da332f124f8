import { expect } from 'chai';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { glob } from '../../../src/source/glob.js';

const files = [
  'a.json',
  'b.gz',
  'a+b(1).json',
  '.hidden.json',
  'one/a.json',
  'one/two/a.json',
  'one/two/b.gz',
  '.dot/a.json',
];

const cases: Record<string, string[]> = {
  '*.json': ['a+b(1).json', 'a.json'],
  '?.json': ['a.json'],
  '*.{json,gz}': ['a+b(1).json', 'a.json', 'b.gz'],
  '[ab].*': ['a.json', 'b.gz'],
  '[!a].*': ['b.gz'],
  '*/a.json': ['link/a.json', 'one/a.json'],
  '**/a.json': ['a.json', 'one/a.json', 'one/two/a.json'],
  'one/**': ['one/a.json', 'one/two/a.json', 'one/two/b.gz'],
  'one/**/*.gz': ['one/two/b.gz'],
  '{one,one/two}/a.json': ['one/a.json', 'one/two/a.json'],
  '.*.json': ['.hidden.json'],
  'a+b(?).json': ['a+b(1).json'],
  'none/*': [],
  'a.json/*': [],
};

describe('patterns of file paths', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'glob-'));
    for (const file of files) {
      await mkdir(join(directory, dirname(file)), { recursive: true });
      await writeFile(join(directory, file), '');
    }
    await symlink('one', join(directory, 'link'));
  });
  after(() => rm(directory, { recursive: true }));

  for (const [pattern, expected] of Object.entries(cases)) {
    it(`finds by ${pattern} what it should`, async () => {
      const found = await glob(join(directory, pattern), () => expect.fail('no fault'));
      expect(found.map((path) => path.slice(directory.length + 1)).sort()).to.deep.equal(expected);
    });
  }
});
