import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ConnectorError, errorKinds, type ErrorCode, type ErrorKind } from '../../../src/errors.js';
import { packagePath } from '../../../src/package-root.js';

const kinds = new Map<string, ErrorKind>(Object.entries(errorKinds));

/** Each code with the files of `src/` that name it, the list itself left out. */
function usedCodes(): Map<string, string[]> {
  const used = new Map<string, string[]>();
  const root = packagePath('src');
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || name === 'errors.ts') continue;
    for (const [quoted] of readFileSync(join(root, name), 'utf8').matchAll(/'CCX_[A-Z_]+'/g)) {
      const code = quoted.slice(1, -1);
      used.set(code, [...(used.get(code) ?? []), name]);
    }
  }
  return used;
}

// Says inside the client that no connection was made; no user sees it.
const internal = new Set(['CCX_NOT_CONNECTED']);

describe('error codes', () => {
  it('used in src/ are all in the list', () => {
    const unknown = [...usedCodes()].filter(([code]) => !kinds.has(code) && !internal.has(code));
    expect(unknown).to.deep.equal([]);
  });

  it('in the list are all used in src/', () => {
    const used = usedCodes();
    expect([...kinds.keys()].filter((code) => !used.has(code))).to.deep.equal([]);
  });

  it('are all on the page, and the page has no others', () => {
    const page = readFileSync(packagePath('docs/errors.md'), 'utf8');
    const headings = [...page.matchAll(/^## (CCX_\w+)$/gm)].map((match) => match[1]);
    expect(headings).to.deep.equal([...kinds.keys()]);
  });

  for (const [code, kind] of kinds) {
    it(`${code} has a meaning and a remedy that are sentences`, () => {
      expect(kind.meaning).to.match(/^(?:[A-Z`]|manifest\.json).*[.]$/);
      expect(kind.remedy).to.match(/^(?:[A-Z`]|manifest\.json).*[.]$/);
    });
  }

  it('carry their own exit code and remedy unless a better remedy is given', () => {
    const code: ErrorCode = 'CCX_USAGE';
    expect(new ConnectorError(code, 'm')).to.include({ exitCode: 2, remedy: errorKinds.CCX_USAGE.remedy });
    expect(new ConnectorError(code, 'm', { remedy: 'r', place: 'p' })).to.include({ remedy: 'r', place: 'p' });
  });
});
