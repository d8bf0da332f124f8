import { expect } from 'chai';
import { fileURLToPath } from 'node:url';
import { loadRules } from '../../src/rules/load.js';
import { openSearchMonitors, type MonitorBody } from '../../src/rules/monitors.js';
import { startOrSkip } from '../support/engine-matrix.js';
import { runJava } from '../support/java-tools.js';

const bodies = Object.fromEntries(
  openSearchMonitors(loadRules()).flatMap(({ id, monitor }) => ('body' in monitor ? [[id, monitor.body]] : [])),
);
const [good] = Object.values(bodies) as [MonitorBody];

const mistakes = {
  query: changed('"bool"', '"boool"'),
  aggregation: changed('"composite"', '"composit"'),
  condition: changed('"buckets_path"', '"bucket_path"'),
  trigger: changed('"bucket_level_trigger"', '"query_level_trigger"'),
  schedule: changed('"MINUTES"', '"MINUTE"'),
};

function changed(right: string, wrong: string): unknown {
  return JSON.parse(JSON.stringify(good).replace(right, wrong));
}

describe("monitors in OpenSearch's parser", () => {
  let faults: Readonly<Record<string, string | null>>;

  before(async function () {
    const program = fileURLToPath(new URL('MonitorCheck.java', import.meta.url));
    faults = (await startOrSkip(this, () => runJava(program, { ...bodies, ...mistakes }))) as typeof faults;
  });

  for (const id of Object.keys(bodies))
    it(`${id} is understood`, () => {
      expect(faults[id]).to.equal(null);
    });

  for (const kind of Object.keys(mistakes))
    it(`a mistake in the ${kind} is found`, () => {
      expect(faults[kind]).to.be.a('string');
    });
});
