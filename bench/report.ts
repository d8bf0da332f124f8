import type { SearchTimes } from './engine/searches.js';
import type { Shipping } from './engine/shipping.js';
import type { StoringCost } from './engine/storing.js';
import { figuresOf, type Figures, type Results, type Spread } from './figures.js';
import type { StageTime } from './stages/start.js';

type Columns<T> = readonly (readonly [title: string, cell: (row: T) => string])[];

type Row = Figures & { readonly name: string };

const columns: Columns<Row> = [
  ['case', ({ name }) => name],
  ['events / CPU-s', ({ eventsPerCpuSecond }) => whole(eventsPerCpuSecond)],
  ['to raw', ({ toRaw }) => decimals(toRaw, 2)],
  ['to naive', ({ toNaive }) => decimals(toNaive, 2)],
  ['events / s', ({ eventsPerSecond }) => whole(eventsPerSecond)],
  ['to raw', ({ speedToRaw }) => decimals(speedToRaw, 2)],
  ['CPU s', ({ cpuSeconds }) => decimals(cpuSeconds, 2)],
  ['start CPU s', ({ startCpuSeconds }) => startCpuSeconds.median.toFixed(2)],
  [
    'events / CPU-s with start',
    ({ eventsPerAllCpuSecond }) => Math.round(eventsPerAllCpuSecond.median).toLocaleString('en'),
  ],
  ['peak RSS MiB', ({ peakMiB }) => whole(peakMiB)],
  ['wire MiB', ({ wireMiB }) => wireMiB.median.toFixed(1)],
  ['sink µs', ({ sinkMicros }) => sinkMicros.median.toFixed(1)],
];

/** All that a run of the benchmark has found out. */
export interface Measured {
  readonly machine: string;
  readonly events: number;
  /** Of all events as JSON lines. */
  readonly bytes: number;
  readonly rounds: number;
  readonly results: Results;
  /** From here on: empty when it was not asked for. */
  readonly stages: readonly StageTime[];
  readonly formats: readonly StageTime[];
  readonly storing: readonly StoringCost[];
  readonly shipping: readonly Shipping[];
  readonly searches: readonly SearchTimes[];
}

export function asJson({ results, ...rest }: Measured): string {
  const cases = Object.fromEntries([...results.keys()].map((one) => [one.name, figuresOf(one, results)]));
  return JSON.stringify({ ...rest, cases }, null, 2);
}

/** Markdown; each cell is `median (min–max)`. */
export function asText(measured: Measured): string {
  const { machine, events, bytes, rounds, results, stages, formats, storing, shipping, searches } = measured;
  const what = `${events.toLocaleString('en')} events of ${Math.round(bytes / events)} bytes, ${rounds} rounds; ${machine}`;
  const tables = [
    ...(results.size > 0 ? [resultsTable(results)] : []),
    ...(stages.length > 0 ? [stagesTable(stages)] : []),
    ...(formats.length > 0 ? [formatsTable(formats)] : []),
    ...(storing.length > 0 ? [storingTable(storing)] : []),
    ...(shipping.length > 0 ? [shippingTable(shipping)] : []),
    ...(searches.length > 0 ? [searchesTable(searches)] : []),
  ];
  return [what, ...tables].join('\n\n');
}

function resultsTable(results: Results): string {
  return table(
    columns,
    [...results.keys()].map((one) => ({ name: one.name, ...figuresOf(one, results) })),
  );
}

/** With each stage's share of all. */
function stagesTable(stages: readonly StageTime[]): string {
  const total = stages.reduce((sum, { micros }) => sum + micros.median, 0);
  const share: Columns<StageTime>[number] = [
    'share',
    ({ micros }) => `${((100 * micros.median) / total).toFixed(0)} %`,
  ];
  return table([...timeColumns('stage'), share], stages);
}

/** With each format's time as a multiple of the first one's, which is JSON.parse. */
function formatsTable(formats: readonly StageTime[]): string {
  const first = formats[0]?.micros.median ?? NaN;
  const multiple: Columns<StageTime>[number] = ['times', ({ micros }) => (micros.median / first).toFixed(2)];
  return table([...timeColumns('decoding'), multiple], formats);
}

/** With each way's cost as a share of the first one's, which is what the engine makes of the events by itself. */
function storingTable(storing: readonly StoringCost[]): string {
  const share = (key: 'cpuMicros' | 'mergedBytes', { [key]: { median } }: StoringCost): string =>
    (median / (storing[0]?.[key].median ?? NaN)).toFixed(2);
  const shape: Columns<StoringCost> = [
    ['how the events are kept', ({ name }) => name],
    ['engine CPU µs / event', ({ cpuMicros }) => whole(cpuMicros)],
    ['to the first', (cost) => share('cpuMicros', cost)],
    ['bytes / event', ({ mergedBytes }) => whole(mergedBytes)],
    ['to the first', (cost) => share('mergedBytes', cost)],
    ['before the force-merge', ({ bytes }) => whole(bytes)],
    ['force-merge CPU µs', ({ mergeMicros }) => whole(mergeMicros)],
    ['events / s', ({ eventsPerSecond }) => whole(eventsPerSecond)],
  ];
  return table(shape, storing);
}

function shippingTable(shipping: readonly Shipping[]): string {
  const shape: Columns<Shipping> = [
    ['into the engine as shipped', ({ name }) => name],
    ['events / s', ({ eventsPerSecond }) => whole(eventsPerSecond)],
    ['share of the best', ({ share }) => decimals(share, 2)],
    ['connector CPU µs / event', ({ senderMicros }) => decimals(senderMicros, 1)],
    ['engine CPU µs / event', ({ engineMicros }) => whole(engineMicros)],
  ];
  return table(shape, shipping);
}

/** A row for each search, a column for each layout. */
function searchesTable(searches: readonly SearchTimes[]): string {
  const [first] = searches;
  const shape: Columns<number> = [
    ['search', (row) => first?.times[row]?.name ?? ''],
    ['period', (row) => first?.times[row]?.period ?? ''],
    ...searches.map(({ layout, stored, times }) => {
      const title = `${layout}, ${Math.round(stored.bytes / stored.events)} bytes / event: ms`;
      return [title, (row: number) => (times[row] === undefined ? '' : whole(times[row].millis))] as const;
    }),
  ];
  return table(shape, [...(first?.times.keys() ?? [])]);
}

function timeColumns(title: string): Columns<StageTime> {
  return [
    [title, ({ name }) => name],
    ['CPU µs / event', ({ micros }) => decimals(micros, 2)],
  ];
}

function table<T>(shape: Columns<T>, rows: readonly T[]): string {
  const cells = [shape.map(([title]) => title), ...rows.map((row) => shape.map(([, cell]) => cell(row)))];
  const widths = shape.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) => `| ${line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`);
  return [lines[0], `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...lines.slice(1)].join('\n');
}

function whole(figure: Spread): string {
  return told(figure, (value) => Math.round(value).toLocaleString('en'));
}

function decimals(figure: Spread | undefined, digits: number): string {
  return figure === undefined ? '' : told(figure, (value) => value.toFixed(digits));
}

function told({ min, median, max }: Spread, text: (value: number) => string): string {
  return `${text(median)} (${text(min)}–${text(max)})`;
}
