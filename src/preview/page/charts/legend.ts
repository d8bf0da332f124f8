import type { Series } from '../../../dashboards/data.js';
import type { Split } from '../../../dashboards/spec.js';
import type { Look } from '../app.js';
import { h } from '../dom.js';
import { valueLink } from '../value.js';
import { meaningOf } from './drawing.js';
import { paintOf, swatch } from './paint.js';

/** The names of the series with their paint; a name that stands for a value leads on. */
export function legend(look: Look, series: readonly Series[], split: Split | undefined): HTMLElement | undefined {
  if (split === undefined) return undefined;
  return h(
    'ul',
    { class: 'legend' },
    ...series.map((one, i) => {
      const meaning = meaningOf(split, one.title);
      const name = meaning ? valueLink(look, meaning[0], meaning[1], one.title) : one.title;
      return h('li', {}, swatch(paintOf(one, i)), name);
    }),
  );
}
