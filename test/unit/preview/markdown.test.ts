import { expect } from 'chai';
import { isNavigation, parseInline, parseMarkdown } from '../../../src/preview/page/markdown.js';

describe('the Markdown of specs', () => {
  it('has paragraphs, headings and lists', () => {
    const kinds = parseMarkdown('# Title\nOne\nline.\n\n- a\n- b\n  goes on\n\n1. c').map((block) =>
      block.kind === 'list' ? `${block.ordered ? 'ordered' : 'plain'} list of ${block.items.length}` : block.kind,
    );
    expect(kinds).to.deep.equal(['heading', 'paragraph', 'plain list of 2', 'ordered list of 1']);
  });

  it('has bold, italic, code and links', () => {
    expect(parseInline('a **b** *c* `d` [e](https://f.example/) [g](dashboard:h)')).to.deep.equal([
      { kind: 'text', text: 'a ' },
      { kind: 'bold', text: 'b' },
      { kind: 'text', text: ' ' },
      { kind: 'italic', text: 'c' },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: 'd' },
      { kind: 'text', text: ' ' },
      { kind: 'link', text: 'e', to: { kind: 'web', url: 'https://f.example/' } },
      { kind: 'text', text: ' ' },
      { kind: 'link', text: 'g', to: { kind: 'dashboard', id: 'h' } },
    ]);
  });

  it('tells links to dashboards alone from links within a text', () => {
    const [alone, within] = parseMarkdown('[a](dashboard:a) ·\n[b](dashboard:b)\n\nSee [a](dashboard:a).').map(
      isNavigation,
    );
    expect([alone, within]).to.deep.equal([true, false]);
  });

  it('leaves names of fields alone', () => {
    expect(parseInline('log_stream_paused and 2 * 3 * 4')).to.deep.equal([
      { kind: 'text', text: 'log_stream_paused and 2 * 3 * 4' },
    ]);
  });

  for (const text of [
    '[x](javascript:alert(1))',
    '[x](data:text/html,y)',
    '<img src=x onerror=alert(1)>',
    '[x](//evil.example)',
  ]) {
    it(`keeps as text: ${text}`, () => {
      expect(parseInline(text).every(({ kind }) => kind === 'text')).to.equal(true);
    });
  }
});
