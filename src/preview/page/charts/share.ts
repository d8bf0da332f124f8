import type { EChartsCoreOption } from 'echarts/core';
import type { Categories } from '../../../dashboards/data.js';
import type { SharePanel } from '../../../dashboards/spec.js';
import { drillState } from '../app.js';
import { h } from '../dom.js';
import { formatNumber, formatShare, formatShort } from '../format.js';
import { valueLink } from '../value.js';
import { meaningOf, type Drawing } from './drawing.js';
import { chartIn, tooltip, type Ink } from './echarts.js';
import { paintOf, stripes, swatch, type Paint } from './paint.js';

interface Part {
  readonly name: string;
  readonly value: number;
  readonly paint: Paint;
}

/** Parts of a whole: a ring with the whole in it, and a list with the figures. */
export function drawShare({ look, panel, body }: Drawing<SharePanel>, { names, colours, series }: Categories): void {
  const parts = names.map((name, i): Part => {
    const colour = colours?.[i];
    return { name, value: series[0]?.values[i] ?? 0, paint: paintOf(colour ? { colour } : {}, i) };
  });
  const whole = parts.reduce((sum, { value }) => sum + value, 0);
  const place = h('div', { class: 'canvas' });
  const ring = h('div', { class: 'ring' }, place, h('div', { class: 'whole' }, formatShort(whole)));
  const list = h(
    'ul',
    { class: 'parts' },
    ...parts.map(({ name, value, paint }) => {
      const meaning = partMeaning(panel, name);
      return h(
        'li',
        {},
        swatch(paint),
        h('span', { class: 'name' }, meaning ? valueLink(look, meaning[0], meaning[1], name) : name),
        h('span', { class: 'amount', attrs: { title: formatNumber(value) } }, formatShare(value, whole)),
      );
    }),
  );
  body.append(h('div', { class: 'share' }, ring, list));
  const chart = chartIn(place, panel.title, (ink) => optionOf(parts, whole, ink), look.signal);
  chart.on('click', ({ name }) => {
    const meaning = partMeaning(panel, name);
    if (meaning) look.go(drillState(look, ...meaning));
  });
}

function optionOf(parts: readonly Part[], whole: number, ink: Ink): EChartsCoreOption {
  return {
    animationDuration: 250,
    tooltip: {
      ...tooltip(ink),
      trigger: 'item',
      formatter: ({ dataIndex }: { readonly dataIndex: number }) => tipOf(parts[dataIndex], whole),
    },
    series: [
      {
        type: 'pie',
        radius: ['62%', '96%'],
        label: { show: false },
        emphasis: { scale: false },
        itemStyle: { borderColor: ink.surface, borderWidth: 2 },
        data: parts.map(({ name, value, paint: { colour, striped } }) => ({
          name,
          value,
          itemStyle: { color: colour, ...(striped && { decal: stripes }) },
        })),
      },
    ],
  };
}

/** What is left over when only the largest values are shown stands for no value. */
function partMeaning({ by }: SharePanel, name: string): ReturnType<typeof meaningOf> {
  return name === 'Other' ? undefined : meaningOf(by, name);
}

function tipOf(part: Part | undefined, whole: number): HTMLElement {
  const { name = '', value = 0 } = part ?? {};
  return h('div', {}, h('strong', {}, name), ` ${formatNumber(value)} (${formatShare(value, whole)})`);
}
