import type { Group, MetricPanel } from '../spec.js';
import { groupsAgg, metricAgg } from './aggs.js';
import { isTime, type Documents, type Drawing } from './drawing.js';

/**
 * A metric puts the group's name in front of its own, which for a single group says the same twice: such a group is a
 * condition of the panel, and gives its name to the measure.
 */
export function loneGroup({ groups }: MetricPanel): Group | undefined {
  return groups?.length === 1 ? groups[0] : undefined;
}

/** Points: for eight digits, or a time to the millisecond, in a panel of 8 and 11 columns at 1600 pixels. */
const fontSizes = { number: 28, time: 14 };

export function metric(panel: MetricPanel, { isDate }: Documents): Drawing {
  const { measure, groups = [] } = panel;
  const lone = loneGroup(panel);
  return {
    type: 'metric',
    aggs: lone
      ? [metricAgg({ ...measure, title: lone.title })]
      : [metricAgg(measure), ...(groups.length === 0 ? [] : [groupsAgg(groups, 2, 'group')])],
    params: {
      addTooltip: true,
      addLegend: false,
      type: 'metric',
      metric: {
        percentageMode: false,
        useRanges: false,
        colorSchema: 'Blues',
        metricColorMode: 'None',
        colorsRange: [{ from: 0, to: 10000 }],
        labels: { show: true },
        invertColors: false,
        style: {
          bgFill: '#000',
          bgColor: false,
          labelColor: false,
          subText: '',
          fontSize: isTime(measure, isDate) ? fontSizes.time : fontSizes.number,
        },
      },
    },
  };
}
