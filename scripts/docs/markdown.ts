import { existsSync } from 'node:fs';
import { packagePath } from '../../src/package-root.js';

/** A table; cells are Markdown. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that ends no cell. */
export function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** The picture of a page of `preview`, where there is one. */
export function pictureOf(id: string, title: string): string {
  return existsSync(packagePath(`docs/images/${id}.png`)) ? `![${title}](images/${id}.png)\n` : '';
}
