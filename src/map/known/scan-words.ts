import type { Core } from './core.js';
import type { Layout, Run, ScanKey } from './layout.js';
import type { Marks } from './marks.js';
import {
  SCAN_BEGIN,
  SCAN_COPIED,
  SCAN_END,
  SCAN_EVENT_END,
  SCAN_GROUPED,
  SCAN_LOG,
  SCAN_LOG_END,
  SCAN_NAME,
} from './ops.js';

const LOG = ',"log":{';
/** What stands before an event's name. */
export const NAME = ',"eventName":"';

/**
 * Puts the words into memory by which an event of one list is looked for as the vendor writes it: no white space, keys in the list's
 * order, strings without escapes, plain whole numbers and words. What runs of groups hold is to be checked by who takes it.
 *
 * @returns their address
 */
export function scanWords(core: Core, layout: Layout, marks: Marks): number {
  const words = (inLog: boolean): number[] =>
    layout.runs.flatMap((run, number) => (run.inLog === inLog ? runWords(core, layout, marks, run, number) : []));
  const [log, logBytes] = core.text(LOG);
  const nowhere = logMarks(layout, marks).flatMap((mark) => [mark, mark + 1]);
  const inLog = words(true);
  const behind = core.describe([SCAN_EVENT_END]);
  return core.describe([
    ...words(false),
    ...[SCAN_LOG, log, logBytes, marks.log, behind, nowhere.length, ...nowhere],
    ...inLog,
    SCAN_LOG_END,
    SCAN_EVENT_END,
  ]);
}

/** How near to the end of the bytes a fault may come of it. */
export function longestKey({ runs }: Layout): number {
  return Math.max(...runs.flatMap(({ keys }) => keys.map(({ key }) => nameText(key).length))) + 4;
}

function logMarks(layout: Layout, marks: Marks): number[] {
  const members = layout.canonicalLog ?? [];
  const runs = layout.runs.flatMap(({ inLog, keys }, number) =>
    inLog ? [marks.run(number), ...keys.flatMap((key) => keyMark(layout, marks, key) ?? [])] : [],
  );
  return [...runs, ...members.map((key) => marks.member(key)), marks.log];
}

function runWords(core: Core, layout: Layout, marks: Marks, run: Run, number: number): number[] {
  const mark = marks.run(number);
  const isCopied = run.owner === 'copied';
  const members = run.keys.flatMap((key) => {
    if (key.field.vendor === 'eventName') return nameWords(core, layout, isCopied ? mark : 0);
    const value = isCopied ? mark : (keyMark(layout, marks, key) ?? 0);
    const member = key.inLog && layout.canonicalLog !== undefined ? marks.member(key.key) : 0;
    return [isCopied ? SCAN_COPIED : SCAN_GROUPED, ...core.text(nameText(key.key)), value, member];
  });
  return isCopied ? members : [SCAN_BEGIN, mark, ...members, SCAN_END, mark];
}

/** The list's own name, which each of its events has. */
function nameWords(core: Core, { event }: Layout, mark: number): number[] {
  return [SCAN_NAME, ...core.text(`${NAME}${event}"`), mark, NAME.length];
}

function keyMark(layout: Layout, marks: Marks, { field }: ScanKey): number | undefined {
  const group = layout.groups.findIndex(({ key }) => key === field.vendor);
  return group < 0 ? undefined : marks.key(group);
}

function nameText(key: string): string {
  return `${JSON.stringify(key)}:`;
}
