import { targetFields } from '../map/fields.js';
import { asList, asObject } from '../target/answer.js';
import type { Categories, Heatmap, Numbers, PanelData, Series, Table, TimeSeries } from './data.js';
import { measured } from './measure.js';
import type {
  BarsPanel,
  ChartPanel,
  ColourName,
  Dashboard,
  DataView,
  HeatmapPanel,
  Measure,
  MetricPanel,
  SavedSearch,
  SeriesPanel,
  SharePanel,
  Split,
  TablePanel,
} from './spec.js';

/** What the panel shows, by the answer (its body) to its `panelSearch`. */
export function panelData(panel: ChartPanel, answer: unknown): PanelData {
  const aggs = asObject(asObject(answer)['aggregations']);
  switch (panel.chart) {
    case 'metric':
      return numbers(panel, aggs);
    case 'series':
      return timeSeries(panel, aggs);
    case 'bars':
      return bars(panel, aggs);
    case 'share':
      return share(panel, aggs);
    case 'table':
      return table(panel, aggs);
    case 'heatmap':
      return heatmap(panel, aggs);
  }
}

/** The rows of a table of events, newest first, by the answer to its `eventsSearch`. */
export function eventsData({ columns }: SavedSearch, { timeField }: DataView, answer: unknown): Table {
  const hits = asList(asObject(asObject(answer)['hits'])['hits']);
  return {
    kind: 'table',
    columns: [
      { title: 'Time', kind: 'time' },
      ...columns.map((field) => ({ title: field, kind: isTime(field) ? ('time' as const) : ('text' as const) })),
    ],
    rows: hits.map((hit) => {
      const { fields } = asObject(hit);
      return [Number(asList(asObject(fields)[timeField])[0]), ...columns.map((field) => cell(asObject(fields), field))];
    }),
  };
}

function cell(fields: Readonly<Record<string, unknown>>, field: string): string | number | null {
  const values = asList(fields[field]);
  if (values.length === 0) return null;
  return isTime(field) ? Date.parse(String(values[0])) : values.map(String).join(', ');
}

/** The values of each control, by field, by the answer to `valuesSearch`. */
export function valuesData(
  { controls }: Pick<Dashboard, 'controls'>,
  answer: unknown,
): ReadonlyMap<string, readonly string[]> {
  const aggs = asObject(asObject(answer)['aggregations']);
  return new Map(controls.map(({ field }, i) => [field, bucketsOf(aggs[`c${i}`]).map(nameOf)]));
}

function numbers({ groups, measure }: MetricPanel, aggs: Aggs): Numbers {
  return {
    kind: 'numbers',
    values: parts(groups && { groups }, aggs['split'], measure).map(({ title, colour, bucket }) => ({
      title,
      value: measured(bucket, measure, 0),
      ...(colour && { colour }),
      ...(isTime(measure.field) && measure.of !== 'unique' && { kind: 'time' as const }),
    })),
  };
}

function timeSeries({ split, measure }: SeriesPanel, aggs: Aggs): TimeSeries {
  const found = parts(split, aggs['split'], measure).map((part) => {
    const over = bucketsOf(asObject(part.bucket)['over']);
    return { part, values: new Map(over.map((bucket) => [Number(bucket['key']), measured(bucket, measure, 0)])) };
  });
  const times = [...new Set(found.flatMap(({ values }) => [...values.keys()]))].sort((a, b) => a - b);
  return {
    kind: 'series',
    times,
    series: found.map(({ part, values }) =>
      series(
        part,
        times.map((time) => values.get(time) ?? null),
      ),
    ),
  };
}

function bars({ split, measure }: BarsPanel, aggs: Aggs): Categories {
  const found = bucketsOf(aggs['by']).map((bucket) => ({
    name: nameOf(bucket),
    parts: parts(split, bucket['split'], measure),
  }));
  const all = new Map(found.flatMap((one) => one.parts).map((part) => [part.title, part]));
  const valueOf = (those: readonly Part[], title: string): number | null => {
    const part = those.find((one) => one.title === title);
    return part === undefined ? null : measured(part.bucket, measure, 0);
  };
  return {
    kind: 'categories',
    names: found.map(({ name }) => name),
    series: [...all.values()].map((part) =>
      series(
        part,
        found.map((one) => valueOf(one.parts, part.title)),
      ),
    ),
  };
}

function share({ by, measure }: SharePanel, aggs: Aggs): Categories {
  const found = parts(by, aggs['split'], measure);
  const rest = measure.of === 'count' ? Number(asObject(aggs['split'])['sum_other_doc_count'] ?? 0) : 0;
  return {
    kind: 'categories',
    names: [...found.map(({ title }) => title), ...(rest > 0 ? ['Other'] : [])],
    ...('groups' in by && { colours: by.groups.map(({ colour }) => colour) }),
    series: [
      {
        title: measure.title,
        values: [...found.map(({ bucket }) => measured(bucket, measure, 0)), ...(rest > 0 ? [rest] : [])],
      },
    ],
  };
}

function table({ rows, measures }: TablePanel, aggs: Aggs): Table {
  const walk = (inside: Aggs, depth: number, names: readonly string[]): Table['rows'] =>
    bucketsOf(inside['row']).flatMap((bucket) => {
      const path = [...names, nameOf(bucket)];
      if (depth + 1 < rows.length) return walk(bucket, depth + 1, path);
      return [[...path, ...measures.map((measure, i) => measured(bucket, measure, i))]];
    });
  const first = (row: Table['rows'][number]): number => Number(row[rows.length] ?? -Infinity);
  return {
    kind: 'table',
    columns: [
      ...rows.map(({ title }) => ({ title, kind: 'text' as const })),
      ...measures.map(({ title, of, field }) => ({
        title,
        kind: isTime(field) && of !== 'unique' ? ('time' as const) : ('number' as const),
      })),
    ],
    rows: [...walk(aggs, 0, [])].sort((a, b) => first(b) - first(a)),
  };
}

function heatmap({ measure }: HeatmapPanel, aggs: Aggs): Heatmap {
  const xs = bucketsOf(aggs['xs']).map(nameOf);
  const lines = bucketsOf(aggs['ys']);
  const cells = lines.flatMap((line, y) =>
    bucketsOf(line['cells']).flatMap((bucket) => {
      const x = xs.indexOf(nameOf(bucket));
      const value = measured(bucket, measure, 0);
      return x < 0 || value === null ? [] : [[x, y, value] as const];
    }),
  );
  return { kind: 'heatmap', xs, ys: lines.map(nameOf), cells };
}

type Aggs = Readonly<Record<string, unknown>>;

interface Part {
  readonly title: string;
  readonly colour: ColourName | undefined;
  readonly bucket: unknown;
}

/** The buckets of a split by their titles; without a split there is one, titled as the measure. */
function parts(split: Split | undefined, agg: unknown, measure: Measure): Part[] {
  const { buckets } = asObject(agg);
  if (split === undefined) return [{ title: measure.title, colour: measure.colour, bucket: asObject(buckets)['g0'] }];
  if (!('groups' in split)) {
    return bucketsOf(agg).map((bucket) => ({ title: nameOf(bucket), colour: undefined, bucket }));
  }
  return split.groups.map(({ title, colour }, i) => ({ title, colour, bucket: asObject(buckets)[`g${i}`] }));
}

function series({ title, colour }: Part, values: readonly (number | null)[]): Series {
  return { title, ...(colour && { colour }), values };
}

function bucketsOf(agg: unknown): Aggs[] {
  return asList(asObject(agg)['buckets']).map(asObject);
}

/** Booleans have a number as their key, and a text beside it. */
function nameOf({ key, key_as_string: text }: Aggs): string {
  return String(text ?? key);
}

let times: ReadonlySet<string> | undefined;

function isTime(field: string | undefined): boolean {
  times ??= new Set(
    targetFields()
      .filter(({ type }) => type === 'date')
      .map(({ name }) => name),
  );
  return field !== undefined && times.has(field);
}
