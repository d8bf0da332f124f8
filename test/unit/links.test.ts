import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageJson, packagePath } from '../../src/package-root.js';

const docs = readdirSync(packagePath('docs')).filter((name) => name.endsWith('.md'));
const pages = ['README.md', 'SECURITY.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'mappings/README.md'];
const { files } = packageJson('package.json') as { files: string[] };
/** What npm packs besides `files`. */
const packed = [...files, 'README.md', 'LICENSE', 'package.json'];

/** The names that a page's headings have in links, as GitHub makes them. */
function anchors(page: string): string[] {
  const headings = readFileSync(packagePath(page), 'utf8').matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What is wrong with a link of a page; undefined for a good one, and for one to another site. */
function faultOf(page: string, link: string): string | undefined {
  if (/^[a-z]+:/.test(link)) return undefined;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(packagePath(target))) return `${page}: ${link} is not there`;
  if (!packed.some((name) => target === name || target.startsWith(`${name}/`))) return `${page}: ${link} is not packed`;
  const leads = anchor === undefined || !target.endsWith('.md') || anchors(target).includes(anchor);
  return leads ? undefined : `${page}: ${link} has no such heading`;
}

describe('the pages', () => {
  for (const page of [...pages, ...docs.map((name) => `docs/${name}`)]) {
    it(`have links that lead somewhere, in the package too: ${page}`, () => {
      const links = readFileSync(packagePath(page), 'utf8').matchAll(/\]\(([^)\s]+)\)/g);
      const faults = [...links].map(([, link = '']) => faultOf(page, link)).filter((fault) => fault !== undefined);
      expect(faults).to.deep.equal([]);
    });
  }
});
