import type { Look } from './app.js';
import { h, type Child } from './dom.js';
import { isNavigation, parseMarkdown, type Block, type Inline } from './markdown.js';
import { stateLink } from './value.js';

/** Markdown as elements. */
export function markdown(look: Look, text: string): HTMLElement {
  const blocks = parseMarkdown(text).filter((block) => !isNavigation(block));
  return h('div', { class: 'prose' }, ...blocks.map((block) => drawBlock(look, block)));
}

function drawBlock(look: Look, block: Block): HTMLElement {
  switch (block.kind) {
    case 'paragraph':
      return h('p', {}, ...drawInline(look, block.content));
    case 'heading':
      return h('h4', {}, ...drawInline(look, block.content));
    case 'list':
      return h(
        block.ordered ? 'ol' : 'ul',
        {},
        ...block.items.map((content) => h('li', {}, ...drawInline(look, content))),
      );
  }
}

export function drawInline(look: Look, content: readonly Inline[]): Child[] {
  return content.map((part) => {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'bold':
        return h('strong', {}, part.text);
      case 'italic':
        return h('em', {}, part.text);
      case 'code':
        return h('code', {}, part.text);
      case 'link':
        return part.to.kind === 'web' ? webLink(part.to.url, part.text) : dashboardLink(look, part.to.id, part.text);
    }
  });
}

export function webLink(url: string, text: string): HTMLElement {
  return h('a', { attrs: { href: url, target: '_blank', rel: 'noreferrer' } }, text);
}

function dashboardLink(look: Look, id: string, text: string): HTMLElement {
  return stateLink(look, { ...look.state, view: { kind: 'dashboard', id } }, text, text);
}
