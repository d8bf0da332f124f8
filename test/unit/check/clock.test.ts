import { expect } from 'chai';
import { denied, epoch, healthy, testOutput } from '../../support/output-check.js';
import { scriptedServer, type Script, type Scripted } from '../../support/scripted-server.js';

describe('test output says of the clock', () => {
  const named = (offsetMs: number): Scripted => {
    const time = new Date(Date.now() + offsetMs).toISOString();
    const index = `logs-cloudconnexa.clock-${time.slice(0, 19).replace(/-/g, '.').replace('T', '-').replace(/:/g, '.')}`;
    return denied(`action [indices:data/read/search] is unauthorized for user [a] on indices [${index}]`);
  };
  const hour = 3_600_000;
  const behind =
    /warning clock: CCX_CLOCK_SKEW: the clock of this machine is (?:59|60) min behind the cluster's\n {8}fix: Let both be set by NTP/;
  const ahead = /warning clock: CCX_CLOCK_SKEW: the clock of this machine is (?:59|60) min ahead of the cluster's\n/;
  const cases: [what: string, script: Script, told: RegExp][] = [
    ['that it is behind', { 'GET /_cat/health': () => epoch(hour) }, behind],
    ['that it is ahead', { 'GET /_cat/health': () => epoch(-hour) }, ahead],
    ['nothing within a minute', { 'GET /_cat/health': () => epoch(50_000) }, /ok {6}clock: this machine/],
    [
      'that it is behind, to a user that may not look',
      { 'GET /_cat/health': denied(), 'GET /%3Clogs': () => named(hour) },
      behind,
    ],
    [
      'nothing, to a user that may not look, when the clocks agree',
      { 'GET /_cat/health': denied(), 'GET /%3Clogs': () => named(0) },
      /ok {6}clock: this machine/,
    ],
    [
      "that it is behind a proxy's, where nothing else tells",
      {
        'GET /_cat/health': denied(),
        'GET /%3Clogs': () => ({ ...denied(), headers: { date: new Date(Date.now() + hour).toUTCString() } }),
      },
      behind,
    ],
    [
      'what would tell',
      { 'GET /_cat/health': denied(), 'GET /%3Clogs': denied() },
      /unknown clock: the cluster does not tell its time; the cluster privilege monitor would tell\n/,
    ],
  ];
  for (const [what, script, told] of cases) {
    it(what, async () => {
      const { code, text } = await testOutput([await scriptedServer({ ...healthy, ...script })]);
      expect(text).to.match(told);
      expect(code).to.equal(0);
    });
  }
});
