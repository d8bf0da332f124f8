import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { bundlePreview } from '../../../scripts/bundle-preview.js';
import { afterTest } from '../../support/after-test.js';
import { launchBrowser, watchedPage } from '../../support/browser.js';
import { startOrSkip } from '../../support/engine-matrix.js';
import { openView } from '../../support/preview-page.js';
import { previewOf, stubbornEngine } from '../../support/preview-server.js';
import { tempDir } from '../../support/temp-dir.js';

const EVIL = '<img src=x onerror="document.title=1">';
const buckets = [{ key: EVIL, doc_count: 3, split: { buckets: { g0: { doc_count: 2 }, g1: { doc_count: 1 } } } }];
const document = { '@timestamp': '2026-02-03T04:05:06Z', user: { name: EVIL }, message: EVIL };
const over = { buckets: [{ key: 1770000000000, doc_count: 3 }] };

/** What every kind of panel could want, with a user of that name. */
const answer = {
  hits: { total: { value: 1 }, hits: [{ _id: EVIL, _index: EVIL, _source: document }] },
  aggregations: {
    ...{ by: { buckets }, xs: { buckets }, row: { buckets: [{ ...buckets[0], row: { buckets } }] } },
    ys: { buckets: [{ ...buckets[0], cells: { buckets } }] },
    split: { buckets: [{ key: EVIL, doc_count: 3, over }] },
    c0: { buckets },
  },
};

describe('a user whose name is markup', function () {
  this.timeout(120_000);
  let browser: Browser;

  before(async function () {
    browser = await startOrSkip(this, launchBrowser);
  });
  after(async () => {
    await browser?.close();
  });

  for (const view of [
    'dashboard=cloudconnexa-denied-flows',
    'dashboard=cloudconnexa-flow-overview',
    'search=cloudconnexa-user-flows',
  ]) {
    it(`is shown by that name in ${view}`, async () => {
      const page = await tempDir();
      await bundlePreview(page);
      const preview = await previewOf(await stubbornEngine(200, answer), { page });
      afterTest(() => preview.close());
      const watched = await watchedPage(browser, {});
      const filter = `filter=${encodeURIComponent(`user.name:${EVIL}`)}`;
      await openView(watched.page, preview.url, `?${view}&${filter}`);
      for (const opener of await watched.page.locator('.opener').all()) await opener.click();
      expect(await watched.page.locator('img[src=x]').count()).to.equal(0);
      expect(await watched.page.locator('main').innerText()).to.contain(EVIL);
      expect(watched.faults).to.deep.equal([]);
      await watched.page.close();
    });
  }
});
