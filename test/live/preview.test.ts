import { expect } from 'chai';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { loadDashboards } from '../../src/dashboards/load.js';
import type { ChartPanel } from '../../src/dashboards/spec.js';
import { isEmpty } from '../../src/preview/page/empty.js';
import type { EventsAnswer, FindingsAnswer, PanelAnswer, ValuesAnswer } from '../../src/preview/protocol.js';
import type { Preview } from '../../src/preview/start.js';
import { loadRules } from '../../src/rules/load.js';
import { sampleEvents, SAMPLE_SEED } from '../../src/sample/events.js';
import { launchBrowser, watchedPage } from '../support/browser.js';
import { startCli } from '../support/cli.js';
import { forEachEngine, startOrSkip } from '../support/engine-matrix.js';
import { writeLines } from '../support/event-files.js';
import { cutOff, failing, openView, overlapping, settled } from '../support/preview-page.js';
import { previewOf } from '../support/preview-server.js';
import { tempDir } from '../support/temp-dir.js';
import { installAssets, workplace } from '../support/workplace.js';

const namespace = 'preview';
const { dashboards, dataView, searches } = loadDashboards();
/** The page looks back from now, so the sample's day ends now. */
const end = new Date();
const sound = [...sampleEvents({ seed: SAMPLE_SEED, count: 10_000, end })];
/** Or there would be no pipeline errors to be seen. */
const broken = sound
  .filter((text) => text.includes('"destinationPort":443'))
  .filter((_, i) => i % 300 === 3)
  .map((text) => text.replace('"destinationPort":443', '"destinationPort":"https?"'));

const period = {
  from: new Date(end.getTime() - 86_400_000).toISOString(),
  to: new Date(end.getTime() + 1).toISOString(),
};

const isComputed = (panel: ChartPanel): boolean =>
  'measure' in panel
    ? dataView.computed.some(({ name }) => name === panel.measure.field)
    : 'measures' in panel &&
      panel.measures.some(({ field }) => dataView.computed.some((computed) => computed.name === field));

forEachEngine('the preview', (engine) => {
  let preview: Preview;

  before(async function () {
    this.timeout(180_000);
    await installAssets(engine);
    const place = await workplace(engine, { namespace });
    await writeLines(`${place.events}/day.json`, [...sound, ...broken]);
    const { indexed } = await place.ship();
    expect(indexed).to.equal(sound.length + broken.length);
    await place.stored.count();
    preview = await previewOf(engine.running().url, { namespace });
  });
  after(async () => {
    await preview?.close();
  });

  async function ask<T>(path: string, query: Record<string, string>): Promise<T> {
    const answer = await fetch(`${preview.url}api/${path}?${new URLSearchParams({ ...period, ...query }).toString()}`);
    const body: unknown = await answer.json();
    expect(answer.status, JSON.stringify(body)).to.equal(200);
    return body as T;
  }

  for (const dashboard of dashboards) {
    const charts = dashboard.panels.filter(
      (panel): panel is ChartPanel => panel.chart !== 'text' && panel.chart !== 'events',
    );
    it(`has data for every chart of ${dashboard.title}`, async function () {
      this.timeout(60_000);
      const can = charts.filter((panel) => engine.supports('painless') || !isComputed(panel));
      const empty = await Promise.all(
        can.map(async ({ id: panel }) => {
          const { data } = await ask<PanelAnswer>('panel', { dashboard: dashboard.id, panel });
          return isEmpty(data) ? [panel] : [];
        }),
      );
      expect(empty.flat()).to.deep.equal([]);
    });
  }

  it('has whole events for every saved search, newest first', async () => {
    for (const { id: search } of searches) {
      const { total, events } = await ask<EventsAnswer>('events', { search, size: '20' });
      const times = events.map(({ document }) => String(document['@timestamp']));
      expect(total, search).to.be.at.least(events.length);
      expect(times, search)
        .to.have.length.above(0)
        .and.deep.equal([...times].sort().reverse());
      expect(events[0]?.document, search).to.include.keys('event', 'message');
    }
  });

  it('counts only what the filters let through', async () => {
    const { values } = await ask<ValuesAnswer>('values', { field: 'user.name' });
    const one = { search: 'cloudconnexa-user-flows', size: '500', verdict: 'denied', filter: `user.name:${values[0]}` };
    const { events } = await ask<EventsAnswer>('events', one);
    const found = new Set(events.map(({ document }) => JSON.stringify([document['user'], document['event']])));
    expect(events).to.have.length.above(0);
    for (const text of found) expect(text).to.contain(JSON.stringify(values[0])).and.contain('"denied"');
  });

  it('asks every rule, and some of them fire on the attack', async function () {
    this.timeout(120_000);
    const fired: string[] = [];
    for (const { id: rule } of loadRules()) {
      const { findings } = await ask<FindingsAnswer>('findings', { rule });
      if (findings.length > 0) fired.push(rule);
    }
    expect(fired).to.include('cloudconnexa-denied-admin-protocols');
  });

  it('ends on SIGTERM', async function () {
    this.timeout(30_000);
    const args = ['preview', '--port', '0', '-s', `output.hosts=${engine.running().url}`];
    const { child, ended } = startCli(args, { cwd: await tempDir() });
    const url = await Promise.race([
      new Promise<string>((resolve) => child.stdout?.once('data', (text: string) => resolve(text.trim()))),
      ended.then(({ stderr }) => Promise.reject(new Error(`it ended early: ${stderr}`))),
    ]);
    expect((await fetch(url, { redirect: 'manual' })).status).to.equal(303);
    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    expect([code, stdout]).to.deep.equal([143, `${url}\n`]);
  });

  if (engine.id === 'opensearch-3') describe('in a browser', () => inBrowser(() => preview));
});

/** Where pictures go, for the documentation. */
const pictures = process.env['SCREENSHOTS_DIR'];

function inBrowser(preview: () => Preview): void {
  let browser: Browser;

  before(async function () {
    browser = await startOrSkip(this, launchBrowser);
    if (pictures !== undefined) await mkdir(pictures, { recursive: true });
  });
  after(async () => {
    await browser?.close();
  });

  const open = async (query: string, options: { width?: number; colorScheme?: 'dark' } = {}) => {
    const { width = 1440, ...others } = options;
    const watched = await watchedPage(browser, { viewport: { width, height: 1000 }, ...others });
    await openView(watched.page, preview().url, query);
    return watched;
  };

  const views: readonly (readonly [name: string, query: string])[] = [
    ...dashboards.map(({ id }): [string, string] => [id, `?dashboard=${id}`]),
    ...searches.map(({ id }): [string, string] => [`search-${id}`, `?search=${id}`]),
    ['rules', '?page=rules'],
  ];
  const looks = { light: {}, dark: { colorScheme: 'dark' }, narrow: { width: 420 } } as const;

  for (const [name, query] of views) {
    for (const [look, options] of Object.entries(query.startsWith('?search=') ? { light: {} } : looks)) {
      it(`shows ${name} whole, ${look}`, async function () {
        this.timeout(120_000);
        const { page, faults } = await open(query, options);
        if (pictures !== undefined)
          await page.screenshot({
            path: join(pictures, `${name}-${look}.png`),
            fullPage: true,
            animations: 'disabled',
          });
        expect({
          faults,
          failing: await failing(page),
          cutOff: look === 'narrow' ? [] : await cutOff(page),
          overlapping: await overlapping(page),
        }).to.deep.equal({ faults: [], failing: [], cutOff: [], overlapping: [] });
        await page.close();
      });
    }
  }

  it('leads from a denied user to what that user did, and back', async function () {
    this.timeout(60_000);
    const { page, faults } = await open('?dashboard=cloudconnexa-denied-flows');
    const user = page.locator('[data-panel=top-users] .value a').first();
    const name = await user.innerText();
    await user.click();
    await settled(page);
    expect(await page.locator('h1').innerText()).to.equal('User & device investigation');
    expect(await page.locator('.chip strong').allInnerTexts()).to.include(name);
    expect(new Set(await page.locator('[data-panel=where-from] tbody td:first-child').allInnerTexts())).to.deep.equal(
      new Set([name]),
    );
    await page.goBack();
    await settled(page);
    expect(await page.locator('h1').innerText()).to.equal('Denied flows');
    expect(await page.locator('.chip').count()).to.equal(0);
    expect(faults).to.deep.equal([]);
    await page.close();
  });

  it('narrows to a verdict and a cell of a heatmap, and widens again', async function () {
    this.timeout(60_000);
    const { page } = await open('?dashboard=cloudconnexa-flow-overview');
    await page.getByRole('button', { name: 'Denied', exact: true }).click();
    await settled(page);
    await page.locator('[data-panel=regions] td button').first().click();
    await settled(page);
    expect(new URL(page.url()).searchParams.get('verdict')).to.equal('denied');
    expect(await page.locator('.chip').count()).to.equal(3);
    await page.getByRole('button', { name: 'Clear all' }).click();
    await settled(page);
    expect(await page.locator('.chip').count()).to.equal(0);
    await page.close();
  });

  it('shows a chart as a table with the same figures', async function () {
    this.timeout(60_000);
    const { page } = await open('?dashboard=cloudconnexa-denied-flows');
    const panel = page.locator('[data-panel=top-users]');
    const amounts = await panel.locator('.amount').allInnerTexts();
    await panel.getByRole('button', { name: 'Show as table' }).click();
    expect(await panel.locator('td.number').allInnerTexts()).to.deep.equal(amounts);
    await page.close();
  });
}
