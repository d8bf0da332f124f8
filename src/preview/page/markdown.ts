/**
 * The little Markdown that specs use: paragraphs, `#` headings, `-` and `1.` lists, **bold**, *italic*, `code` and links.
 * The result is data for text nodes: nothing in a text can become markup.
 */
export type Block =
  | { readonly kind: 'paragraph' | 'heading'; readonly content: readonly Inline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] };

export type Inline =
  | { readonly kind: 'text' | 'bold' | 'italic' | 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly to: Link };

export type Link = { readonly kind: 'web'; readonly url: string } | { readonly kind: 'dashboard'; readonly id: string };

export function parseMarkdown(text: string): Block[] {
  const blocks: Block[] = [];
  for (const chunk of text.split(/\n\s*\n/)) {
    for (const lines of groups(chunk.split('\n').filter((line) => line.trim() !== ''))) blocks.push(blockOf(lines));
  }
  return blocks;
}

/** Whether a block has nothing but links to dashboards, which the page has at its side anyway. */
export function isNavigation(block: Block): boolean {
  if (block.kind !== 'paragraph') return false;
  const links = block.content.filter((part) => part.kind === 'link' && part.to.kind === 'dashboard');
  const rest = block.content.filter((part) => !links.includes(part));
  return links.length > 0 && rest.every((part) => part.kind === 'text' && !/\w/.test(part.text));
}

const heading = /^#{1,6}\s+/;
const bullet = /^\s*[-*]\s+/;
const numbered = /^\s*\d+[.)]\s+/;

type LineKind = 'heading' | 'bullet' | 'numbered' | 'text';

function kindOf(line: string): LineKind {
  if (heading.test(line)) return 'heading';
  if (bullet.test(line)) return 'bullet';
  return numbered.test(line) ? 'numbered' : 'text';
}

interface Lines {
  readonly kind: LineKind;
  readonly lines: string[];
}

/** Lines that belong together: a heading is alone, an item goes on in indented lines below it. */
function groups(lines: readonly string[]): Lines[] {
  const found: Lines[] = [];
  for (const line of lines) {
    const kind = kindOf(line);
    const last = found.at(-1);
    if (last === undefined || kind === 'heading') found.push({ kind, lines: [line] });
    else if (last.kind === kind) last.lines.push(line);
    else if (kind === 'text' && last.kind !== 'heading') last.lines.push(`${last.lines.pop() ?? ''} ${line.trim()}`);
    else found.push({ kind, lines: [line] });
  }
  return found;
}

function blockOf({ kind, lines }: Lines): Block {
  switch (kind) {
    case 'text':
      return { kind: 'paragraph', content: parseInline(lines.map((line) => line.trim()).join(' ')) };
    case 'heading':
      return { kind: 'heading', content: parseInline((lines[0] ?? '').replace(heading, '')) };
    case 'bullet':
      return { kind: 'list', ordered: false, items: lines.map((line) => parseInline(line.replace(bullet, ''))) };
    case 'numbered':
      return { kind: 'list', ordered: true, items: lines.map((line) => parseInline(line.replace(numbered, ''))) };
  }
}

const marks =
  /`(?<code>[^`]+)`|\*\*(?<bold>[^*]+)\*\*|(?<!\w)[*_](?!\s)(?<italic>[^*_]+)(?<!\s)[*_](?!\w)|\[(?<label>[^\]]+)\]\((?<target>[^)\s]+)\)/g;

export function parseInline(text: string): Inline[] {
  const found: Inline[] = [];
  let done = 0;
  for (const match of text.matchAll(marks)) {
    if (match.index > done) found.push({ kind: 'text', text: text.slice(done, match.index) });
    found.push(inlineOf(match));
    done = match.index + match[0].length;
  }
  if (done < text.length) found.push({ kind: 'text', text: text.slice(done) });
  return found;
}

function inlineOf(match: RegExpExecArray): Inline {
  const { code, bold, italic, label, target } = match.groups ?? {};
  if (code !== undefined) return { kind: 'code', text: code };
  if (bold !== undefined) return { kind: 'bold', text: bold };
  if (italic !== undefined) return { kind: 'italic', text: italic };
  const to = linkOf(target ?? '');
  return to && label !== undefined ? { kind: 'link', text: label, to } : { kind: 'text', text: match[0] };
}

/** Nothing but web pages and dashboards: no `javascript:`. */
function linkOf(target: string): Link | undefined {
  const dashboard = /^dashboard:([\w-]+)$/.exec(target)?.[1];
  if (dashboard !== undefined) return { kind: 'dashboard', id: dashboard };
  return /^https?:\/\//.test(target) ? { kind: 'web', url: target } : undefined;
}
