import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { MissingPrerequisite } from './prerequisite.js';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** `CHROMIUM_PATH`, or the first of the usual names on the PATH. @throws MissingPrerequisite */
function chromiumPath(): string {
  const { CHROMIUM_PATH: given, PATH: path = '' } = process.env;
  const places = given ? [given] : path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = places.find(canRun);
  if (found !== undefined) return found;
  throw new MissingPrerequisite('Chromium was not found. Install it (package chromium), or set CHROMIUM_PATH');
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Chromium without a window. @throws MissingPrerequisite when there is none on this machine */
export function launchBrowser(): Promise<Browser> {
  // Its sandbox cannot be had by root, as whom containers run.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: chromiumPath(), args });
}

/** A page, and what went wrong in it since it was opened: errors on the console, requests without a good answer. */
export interface WatchedPage {
  readonly page: Page;
  readonly faults: string[];
}

export async function watchedPage(browser: Browser, options: Parameters<Browser['newPage']>[0]): Promise<WatchedPage> {
  const page = await browser.newPage({ timezoneId: 'Europe/Berlin', locale: 'en-GB', ...options });
  const faults: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('requestfailed', (request) => {
    // A look that is left gives up what it still waits for.
    const reason = request.failure()?.errorText ?? '';
    if (reason !== 'net::ERR_ABORTED') faults.push(`${request.url()}: ${reason}`);
  });
  page.on('response', (response) => {
    if (!response.ok()) faults.push(`${response.url()}: ${response.status()}`);
  });
  return { page, faults };
}
