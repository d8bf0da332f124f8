import type { SharePanel } from '../../spec.js';
import type { ColumnMaker } from './columns.js';
import { layer, type Drawing } from './drawing.js';
import { partsOf } from './split.js';

/** What is not among the largest values is a part of the whole too. */
export function share({ by, measure }: SharePanel, make: ColumnMaker): Drawing {
  const { bucket, measures, colours } = partsOf(make, measure, by, true);
  const groups = Object.keys(bucket);
  return {
    type: 'lnsPie',
    columns: { ...bucket, ...measures },
    visualization: {
      shape: 'donut',
      layers: [
        {
          ...layer,
          primaryGroups: groups,
          metrics: Object.keys(measures),
          // Colours of measures hold only where there are several and nothing else is told apart.
          ...(groups.length === 0 && { allowMultipleMetrics: true, colorsByDimension: colours }),
          numberDisplay: 'percent',
          categoryDisplay: 'default',
          legendDisplay: 'show',
          legendPosition: 'bottom',
          nestedLegend: false,
        },
      ],
    },
  };
}
