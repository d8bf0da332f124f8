import { colourOf, colours } from '../../colours.js';
import type { Group, Measure, Split } from '../../spec.js';
import type { ColumnMaker, Columns } from './columns.js';
import { MEASURE } from './drawing.js';

/** A measure and the parts it is split into: how it becomes columns, and which of them have a colour of their own. */
export interface Parts {
  /** Values of a field are a bucket of their own. */
  readonly bucket: Columns;
  readonly measures: Columns;
  /** By id of the column. */
  readonly colours: Readonly<Record<string, string>>;
}

/**
 * Named groups become a column each, of the documents that are meant: the one way to give each a colour that is the same in
 * all releases. The other, colours by value (`colorMapping`), has changed its format between 8.x and 9.x.
 * @param other Whether the rest of the values is a part too.
 */
export function partsOf(make: ColumnMaker, measure: Measure, split: Split | undefined, other = false): Parts {
  if (split === undefined) return whole(make, measure, colourOf(measure));
  if ('groups' in split) return groups(make, measure, split.groups);
  return { ...whole(make, measure), bucket: { split: make.terms(split, { column: MEASURE }, other) } };
}

function whole(make: ColumnMaker, measure: Measure, colour?: string): Parts {
  return {
    bucket: {},
    measures: { [MEASURE]: make.measure(measure) },
    colours: colour === undefined ? {} : { [MEASURE]: colour },
  };
}

function groups(make: ColumnMaker, measure: Measure, list: readonly Group[]): Parts {
  const named = list.map((group, i) => [`${MEASURE}_${String(i + 1)}`, group] as const);
  return {
    bucket: {},
    measures: Object.fromEntries(
      named.map(([id, { title, where }]) => [id, make.measure(measure, { label: title, where })]),
    ),
    colours: Object.fromEntries(named.map(([id, { colour }]) => [id, colours[colour]])),
  };
}
