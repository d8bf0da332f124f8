/** Writes the pictures of the documentation: `npm run pictures`. The demo's events on a real engine, as `preview` draws them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { loadConfig } from '../src/config.js';
import { loadDashboards } from '../src/dashboards/load.js';
import { startEngine } from '../src/engine/index.js';
import { packagePath } from '../src/package-root.js';
import { startPreview } from '../src/preview/start.js';
import { launchBrowser, watchedPage } from '../test/support/browser.js';
import { settled } from '../test/support/preview-page.js';
import { keepLog } from '../test/support/sending.js';

const WIDTH = 1600;
const views = [...loadDashboards().dashboards.map(({ id }) => [id, `?dashboard=${id}`]), ['rules', '?page=rules']];

const engine = await startEngine('opensearch-3', { onProgress: console.log });
try {
  const demo = [packagePath('dist/cli.js'), 'demo', '--hosts', engine.url, '--no-preview'];
  execFileSync(process.execPath, demo, { stdio: 'ignore' });
  const { output } = loadConfig({ env: {}, set: [`output.hosts=${engine.url}`, 'output.namespace=demo'] });
  const preview = await startPreview({ output, port: 0, log: keepLog().log });
  const browser = await launchBrowser();
  try {
    mkdirSync(packagePath('docs/images'), { recursive: true });
    for (const [name = '', query = ''] of views) await draw(browser, `${preview.url}${query}`, name);
  } finally {
    await browser.close();
    await preview.close();
  }
} finally {
  await engine.stop();
}

async function draw(browser: Browser, url: string, name: string): Promise<void> {
  const { page } = await watchedPage(browser, { viewport: { width: WIDTH, height: 900 } });
  await page.goto(url);
  await settled(page);
  const path = packagePath(`docs/images/${name}.png`);
  // A page of hundreds of events shows no more than its first ones.
  const height = Math.min(await page.evaluate<number>('document.documentElement.scrollHeight'), 2000);
  await page.screenshot({ path, clip: { x: 0, y: 0, width: WIDTH, height }, fullPage: true, animations: 'disabled' });
  console.log(path);
  await page.close();
}
