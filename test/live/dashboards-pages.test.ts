import { expect } from 'chai';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { loadDashboards } from '../../src/dashboards/load.js';
import { createFrontEnd } from '../../src/install/front-end/client.js';
import { exportObjects } from '../../src/install/front-end/saved-objects.js';
import { withCluster } from '../../src/install/session.js';
import { launchBrowser } from '../support/browser.js';
import { runCli } from '../support/cli.js';
import { startOrSkip } from '../support/engine-matrix.js';
import { commandsOn } from '../support/front-end-commands.js';
import { contextFor } from '../unit/install/cluster.js';

/** As in dashboards-server.test.ts. The demo's events are shipped into the cluster, and our dashboards installed. */
const { DASHBOARDS_URL: url, DASHBOARDS_CLUSTER_URL: cluster, SCREENSHOTS_DIR: pictures } = process.env;
const reason = '[skipped: DASHBOARDS_URL and DASHBOARDS_CLUSTER_URL name no server to test with]';
const { dashboards } = loadDashboards();

interface Placed {
  readonly gridData: { readonly y: number; readonly h: number };
}

/** What says that a panel shows nothing, or why not: of OpenSearch Dashboards 3.3, and by its source of Kibana 8.19. */
const FAULTS = [
  '.visError',
  '[data-test-subj=embeddableErrorLabel]',
  '[data-test-subj=embeddableStackError]',
  '[data-test-subj=embeddableError]',
  '[data-test-subj=emptyPlaceholder]',
  '[data-test-subj=lnsVisualizationContainer] .lnsEmbeddedError',
];
const PANEL = '[data-test-subj=embeddablePanel]';
const RENDERED = '[data-render-complete=true]';
const RENDER_MS = 120_000;

function pages(server: { readonly url: string; readonly cluster: string }): void {
  let browser: Browser;

  before(async function () {
    this.timeout(300_000);
    const demo = await runCli(['demo', '--hosts', server.cluster, '--no-preview'], { cwd: '/' });
    expect(demo.code, demo.stderr).to.equal(0);
    const setup = await commandsOn(server.cluster, 'dashboards', { dashboards: { url: server.url } })('setup');
    expect(setup.code, setup.stderr).to.equal(0);
    browser = await startOrSkip(this, launchBrowser);
    if (pictures !== undefined) await mkdir(pictures, { recursive: true });
  });
  after(() => browser?.close());

  /** The panels of a dashboard as the server has them: the two kinds of server make different ones of a spec. */
  async function placed(id: string): Promise<readonly Placed[]> {
    const { context } = contextFor(server.cluster, { dashboards: { url: server.url } });
    const config = await context.loadConfig();
    const client = await withCluster(config, ({ target }) => Promise.resolve(createFrontEnd(config, target.engine)));
    try {
      const exported = await exportObjects(client, [{ type: 'dashboard', id }]);
      if (exported.denied) throw new Error(exported.reason);
      return JSON.parse(String(exported.objects[0]?.attributes['panelsJSON'])) as Placed[];
    } finally {
      await client.close();
    }
  }

  for (const { id, title } of dashboards) {
    it(`shows every panel of ${title}, with data`, async function () {
      this.timeout(RENDER_MS + 60_000);
      const panels = await placed(id);
      const rows = Math.max(...panels.map(({ gridData: { y, h } }) => y + h));
      // A panel out of sight is not drawn.
      const page = await browser.newPage({ viewport: { width: 1600, height: rows * 28 + 260 } });
      await page.goto(`${server.url}/app/dashboards#/view/${id}`, { timeout: RENDER_MS });
      await page
        .locator(RENDERED)
        .nth(panels.length - 1)
        .waitFor({ state: 'attached', timeout: RENDER_MS });
      if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${id}-installed.png`) });
      expect(await page.locator(PANEL).count()).to.equal(panels.length);
      expect(await failing(page)).to.deep.equal([]);
      await page.close();
    });
  }
}

/** Texts of the panels that show nothing or an error. */
function failing(page: Page): Promise<string[]> {
  return page
    .locator(PANEL)
    .filter({ has: page.locator(FAULTS.join(', ')) })
    .allInnerTexts();
}

if (url !== undefined && cluster !== undefined) {
  describe(`pages of the dashboards in the server at ${url}`, () => pages({ url, cluster }));
} else {
  describe(`pages of the dashboards in a real Kibana or OpenSearch Dashboards ${reason}`, () => {
    it('show every panel with data');
  });
}
