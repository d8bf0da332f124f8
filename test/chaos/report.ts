import type { Spread } from './memory.js';
import { thirds } from './memory.js';
import type { LaneResult, Stage } from './lane-run.js';
import type { ChaosResult } from './run.js';

type Row = readonly string[];

/** The tables of a run: faults, and what became of the events. With `markdown` as a page of documentation has them. */
export function report({ lanes, faultsMs }: ChaosResult, markdown: boolean): string {
  const table = markdown ? markdownTable : plainTable;
  const tables = [table(accountRows(lanes))];
  if (lanes.some(({ faults }) => faults.size > 0)) tables.unshift(table(faultRows(lanes)));
  if (lanes.some(({ memory }) => memory)) tables.push(table(memoryRows(lanes)));
  return [`Faults went on for ${Math.round(faultsMs / 1000)} s.`, ...tables].join('\n\n');
}

function faultRows(lanes: readonly LaneResult[]): Row[] {
  const [first] = lanes;
  const head = ['fault', 'in the script', ...lanes.flatMap(({ name }) => [`${name}: injected`, 'survived'])];
  const rows = [...(first?.faults ?? [])].map(([key, { planned }]) => [
    key,
    String(planned),
    ...lanes.flatMap(({ faults }) => {
      const { injected = 0, survived = 0 } = faults.get(key) ?? {};
      return [String(injected), String(survived)];
    }),
  ]);
  return [head, ...rows.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))];
}

function accountRows(lanes: readonly LaneResult[]): Row[] {
  const row = (title: string, of: (lane: LaneResult) => number | string): Row => [
    title,
    ...lanes.map((lane) => String(of(lane))),
  ];
  return [
    row('events', ({ name }) => name),
    row('given', ({ account }) => account.given),
    row('of these, given within an hour of their time', ({ account }) => account.fresh),
    row('stored when the time for faults was over', ({ during }) => shareOf(during)),
    row('distinct, stored', ({ account }) => account.stored),
    row('**stored twice**', ({ account }) => account.twice),
    row('**missing**', ({ account }) => account.missing),
    row('refused by the engine (400), set aside with the reason', ({ account }) => account.refused),
    row('set aside without need', ({ account }) => account.givenUp),
    row('stored that nobody gave', ({ account }) => account.strangers),
    row('lines that are no event: given / set aside', ({ account }) => `${account.junk} / ${account.junkSetAside}`),
    row('beginnings of events that are also stored whole, set aside', ({ account }) => account.halves),
    row('set aside twice', ({ account }) => account.asideTwice),
    row('documents compared field by field / altered', ({ account }) => `${account.compared} / ${account.altered}`),
    row('starts of the process', ({ lives }) => lives),
    row('ended by itself', ({ deaths }) => [...deaths].map(([why, times]) => `${times} × ${why}`).join(', ') || 0),
    row('seconds to catch up', ({ catchUpMs }) => Math.round(catchUpMs / 1000)),
  ];
}

function shareOf({ stored, given }: Stage): string {
  return `${stored} of ${given} (${Math.floor((100 * stored) / Math.max(given, 1))} %)`;
}

function memoryRows(lanes: readonly LaneResult[]): Row[] {
  const spread = ({ least, median, most }: Spread): string =>
    [least, median, most].map((value) => value.toFixed(0)).join(' / ');
  const rows = lanes.flatMap(({ name, memory }) =>
    memory === undefined ? [] : [[name, ...thirds(memory).map(spread), memory.peakMiB.toFixed(0)]],
  );
  return [['resident memory, MiB: least / median / most', 'first third', 'second', 'last', 'peak'], ...rows];
}

function plainTable(rows: readonly Row[]): string {
  const plain = rows.map((row) => row.map((cell) => cell.replaceAll('**', '')));
  const widths = (plain[0] ?? []).map((_, i) => Math.max(...plain.map((row) => row[i]?.length ?? 0)));
  return plain
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n');
}

function markdownTable([head = [], ...rows]: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}
