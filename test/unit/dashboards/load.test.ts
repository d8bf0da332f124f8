import { expect } from 'chai';
import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadDashboards, readDashboards } from '../../../src/dashboards/load.js';
import { ConnectorError } from '../../../src/errors.js';
import { packagePath } from '../../../src/package-root.js';
import { tempDir } from '../../support/temp-dir.js';

const DENIED = 'cloudconnexa-denied-flows.yml';

describe('the loader of dashboards', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await tempDir();
    await cp(packagePath('dashboards'), folder, { recursive: true });
  });

  /** Replaces a text that must be in the file. */
  async function change(name: string, from: string, to: string): Promise<void> {
    const path = join(folder, name);
    const text = await readFile(path, 'utf8');
    expect(text).to.include(from);
    await writeFile(
      path,
      text.replace(from, () => to),
    );
  }

  /** The faults it lists, without the first line. */
  function faults(): string[] {
    try {
      readDashboards(folder);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      expect([error.code, error.place]).to.deep.equal(['CCX_DASHBOARD_INVALID', folder]);
      return error.message.split('\n  ').slice(1);
    }
    return [];
  }

  it('reads what ships with the package', () => {
    expect(readDashboards(folder)).to.deep.equal(loadDashboards());
  });

  it('fills in what a file may leave out', async () => {
    await change('cloudconnexa-connector-health.yml', 'controls:', 'where: {}\ncontrols:');
    expect(readDashboards(folder)).to.deep.equal(loadDashboards());
    expect(loadDashboards().dataView.timeField).to.equal('@timestamp');
  });

  it('lists the faults of all files at once, each with its file and its path there', async () => {
    await change('data-view.yml', 'time_field', 'timefield');
    await change(DENIED, 'of: unique', 'of: distinct');
    await change(DENIED, 'last: 24h', 'last: yesterday');
    await change('searches/cloudconnexa-user-flows.yml', 'columns:', 'rows:');
    await writeFile(join(folder, 'searches', 'broken.yml'), 'id: [');
    expect(faults().sort()).to.deep.equal([
      `${DENIED}: /last must match pattern "^[1-9][0-9]*[mhdw]$"`,
      `${DENIED}: /panels/2/measure/of must be equal to one of the allowed values: count, unique, min, max, avg, p95`,
      'data-view.yml: / must NOT have additional properties: timefield',
      "data-view.yml: / must have required property 'time_field'",
      'searches/broken.yml: / cannot be read: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 6:',
      'searches/cloudconnexa-user-flows.yml: / must NOT have additional properties: rows',
      "searches/cloudconnexa-user-flows.yml: / must have required property 'columns'",
    ]);
  });

  it('refuses a kind of chart that there is not', async () => {
    await change(DENIED, 'chart: heatmap', 'chart: pie');
    expect(faults()).to.deep.equal([`${DENIED}: /panels/9 value of tag "chart" must be in oneOf`]);
  });

  it('refuses a condition that there is not', async () => {
    await change(DENIED, 'event.action: flow_denied', 'event.action: { like: flow }');
    expect(faults().join('\n')).to.include(`${DENIED}: /where/event.action must NOT have additional properties: like`);
  });

  it('refuses a file that is not there or empty', async () => {
    await rm(join(folder, 'data-view.yml'));
    await writeFile(join(folder, DENIED), '# nothing\n');
    expect(faults()).to.have.length(2);
    expect(faults()[0]).to.match(/^data-view\.yml: \/ cannot be read: ENOENT/);
    expect(faults()[1]).to.equal(`${DENIED}: / must be object`);
  });

  it('refuses an id that is not the name of its file', async () => {
    await rename(join(folder, DENIED), join(folder, 'denied.yml'));
    expect(faults()).to.deep.equal(['denied.yml: /id must be the name of the file']);
  });

  it('refuses links and saved searches that lead nowhere', async () => {
    await change(DENIED, 'dashboard:cloudconnexa-flow-overview', 'dashboard:overview');
    await change(DENIED, 'search: cloudconnexa-denied-flow-events', 'search: nothing');
    await change('data-view.yml', 'to: cloudconnexa-user-investigation', 'to: nowhere');
    await change('data-view.yml', 'field: host.name', 'field: user.name');
    expect(faults()).to.deep.equal([
      'data-view.yml: /links/0/to names no dashboard: nowhere',
      'data-view.yml: /links/1/field has a link already',
      `${DENIED}: /panels/0/text links to no dashboard: overview`,
      `${DENIED}: /panels/14/search names no saved search: nothing`,
    ]);
  });

  it('refuses two panels of one id, a measure without its field and a count with one', async () => {
    await change(DENIED, 'id: users\n', 'id: denied\n');
    await change(DENIED, 'of: unique, field: user.name, title', 'of: unique, title');
    await change(DENIED, '{ of: count, title', '{ of: count, field: user.name, title');
    expect(faults()).to.deep.equal([
      `${DENIED}: /panels/1/measure/field has no meaning for a count`,
      `${DENIED}: /panels/2/measure must have a field`,
      `${DENIED}: /panels/2/id is there twice`,
    ]);
  });

  it('refuses a colour of a measure whose parts have theirs', async () => {
    await change(DENIED, 'title: Denied flows }\n    split:', 'title: Denied flows, colour: denied }\n    split:');
    expect(faults()).to.deep.equal([`${DENIED}: /panels/5/measure/colour has no meaning with a split`]);
  });

  it('refuses a colour where nothing is drawn in it', async () => {
    await change(DENIED, 'of: unique, field: user.name, title', 'of: unique, field: user.name, colour: denied, title');
    expect(faults()).to.deep.equal([`${DENIED}: /panels/2/measure must NOT have additional properties: colour`]);
  });

  for (const [title, at, fault] of [
    ['panels that overlap', '[24, 0, 9, 9]', '/panels/3/at overlaps users'],
    ['gaps between panels', '[24, 0, 7, 9]', '/panels leaves a gap at column 31, row 0'],
    ['panels without a size', '[24, 0, 0, 9]', '/panels/2/at is outside of the grid of 48 columns'],
    ['panels beside the grid', '[41, 0, 8, 9]', '/panels/2/at is outside of the grid of 48 columns'],
  ] as const) {
    it(`refuses ${title}`, async () => {
      await change(DENIED, '[24, 0, 8, 9]', at);
      expect(faults()).to.include(`${DENIED}: ${fault}`);
    });
  }
});
