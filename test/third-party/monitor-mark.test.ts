import { expect } from 'chai';
import { fileURLToPath } from 'node:url';
import { mergeMonitor, monitorMark, type Monitor } from '../../src/install/rules/monitors.js';
import { loadRules } from '../../src/rules/load.js';
import { openSearchMonitors } from '../../src/rules/monitors.js';
import { startOrSkip } from '../support/engine-matrix.js';
import { runJava } from '../support/java-tools.js';

const marked: Readonly<Record<string, Monitor>> = Object.fromEntries(
  openSearchMonitors(loadRules()).flatMap(({ id, monitor }) =>
    'body' in monitor ? [[id, asInFile(monitor.body)]] : [],
  ),
);

const markOf = (monitor: Monitor | undefined): object | undefined => monitor && monitorMark(monitor);

function asInFile(body: object): Monitor {
  return JSON.parse(JSON.stringify(body)) as Monitor;
}

function triggerOf(monitor: Monitor | undefined): object | undefined {
  return monitor?.triggers?.[0]?.['bucket_level_trigger'];
}

/** As the alerting plugin stores a monitor and gives it back, by its own parser and writer. */
describe("our mark in monitors, through OpenSearch's own parser", () => {
  let stored: Readonly<Record<string, Monitor>>;
  let again: typeof stored;

  before(async function () {
    const program = fileURLToPath(new URL('MonitorRoundTrip.java', import.meta.url));
    const trip = async (monitors: object) => (await runJava(program, monitors)) as typeof stored;
    stored = await startOrSkip(this, () => trip(marked));
    const merged = Object.entries(stored).map(([id, one]) => [id, mergeMonitor(marked[id] ?? one, one)]);
    again = await trip(Object.fromEntries(merged) as object);
  });

  for (const id of Object.keys(marked)) {
    it(`${id} keeps it, and the id of the trigger that its alerts belong to`, () => {
      expect(markOf(stored[id])).to.include({ rule: id }).and.deep.equal(markOf(marked[id]));
      expect(triggerOf(stored[id])).to.include({ id });
    });

    it(`${id} can be updated with what the server gave back`, () => {
      expect(markOf(again[id])).to.include({ rule: id }).and.deep.equal(markOf(marked[id]));
      expect(again[id]?.schedule).to.deep.equal(stored[id]?.schedule);
    });
  }
});
