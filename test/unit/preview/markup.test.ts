import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseInline } from '../../../src/preview/page/markdown.js';
import { hostileTexts } from '../../support/hostile-texts.js';

const page = fileURLToPath(new URL('../../../src/preview/page/', import.meta.url));
const MAKES_MARKUP =
  /\b(?:innerHTML|outerHTML|insertAdjacentHTML|srcdoc|document\.write|createContextualFragment|parseFromString|eval)\b/;

describe('the page of preview', () => {
  it('has no way to turn a text into markup', () => {
    const files = readdirSync(page, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    expect(files.length).to.be.above(20);
    const faulty = files.filter((name) => MAKES_MARKUP.test(readFileSync(page + name, 'utf8')));
    expect(faulty).to.deep.equal([]);
  });

  for (const [name, text] of Object.entries(hostileTexts)) {
    it(`makes no link of ${name}`, () => {
      expect(parseInline(text).filter(({ kind }) => kind === 'link')).to.deep.equal([]);
    });
  }
});
