import { expect } from 'chai';
import { createPaceReport } from '../../../src/pace/report.js';
import { manualClock } from '../../support/manual-clock.js';
import { keepLog } from '../../support/sending.js';

describe('the report of the pace', () => {
  function start() {
    const pace = { inFlight: 2, batchBytes: 1000, eventsPerSecond: 0, pressed: () => undefined, note: () => undefined };
    const { clock, advance } = manualClock();
    const { log, lines } = keepLog();
    return { pace, advance, lines, report: createPaceReport(pace, { log, clock }) };
  }

  it('tells what it is now when it has changed much', () => {
    const { pace, advance, lines, report } = start();
    advance(60_000);
    Object.assign(pace, { inFlight: 5, batchBytes: 1500, eventsPerSecond: 1234.5 });
    report();
    expect(lines).to.deep.equal([
      { level: 'info', message: 'Sending at another pace', in_flight: 5, batch_bytes: 1500, events_per_s: 1235 },
    ]);
  });

  it('says nothing of small changes', () => {
    const { pace, advance, lines, report } = start();
    advance(60_000);
    Object.assign(pace, { inFlight: 2, batchBytes: 1250 });
    report();
    expect(lines).to.deep.equal([]);
  });

  it('waits a minute from one line to the next, and then tells how it is by then', () => {
    const { pace, advance, lines, report } = start();
    for (const inFlight of [4, 8, 16, 8, 4, 2, 1, 6]) {
      pace.inFlight = inFlight;
      report();
      advance(20_000);
      report();
    }
    expect(lines.map((line) => line['in_flight'])).to.deep.equal([16, 2]);
  });
});
