import type { ChartPanel, Group, Split } from '../../../dashboards/spec.js';
import type { Look } from '../app.js';

/** What a chart is drawn with. */
export interface Drawing<P extends ChartPanel = ChartPanel> {
  readonly look: Look;
  readonly panel: P;
  /** Empty, and on the page: it has its size. */
  readonly body: HTMLElement;
}

/** What a series of a split stands for: a value of a field, if it is a single one. */
export function meaningOf(split: Split, title: string): readonly [field: string, value: string] | undefined {
  if ('field' in split) return [split.field, title];
  const group = split.groups.find((one) => one.title === title);
  return group && singleValue(group);
}

function singleValue({ where }: Group): readonly [field: string, value: string] | undefined {
  const conditions = Object.entries(where);
  const [field, value] = conditions[0] ?? [];
  if (conditions.length !== 1 || field === undefined || value === undefined || typeof value === 'object')
    return undefined;
  return [field, String(value)];
}
