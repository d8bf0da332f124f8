import type { Locator, Page } from 'playwright-core';

const WAIT_MS = 60_000;

/** Opens a view as who has been there before: the browser has the cookie. @param url The preview's, with its key */
export async function openView(page: Page, url: string, query: string): Promise<void> {
  await page.request.get(url);
  await page.goto(`${new URL(url).origin}/${query}`);
  await settled(page);
}

/** Waits until every part of the preview's page has what it asked for. */
export async function settled(page: Page): Promise<void> {
  await page.locator('[data-state]').first().waitFor({ timeout: WAIT_MS });
  await page.locator('[data-state=loading]').first().waitFor({ state: 'detached', timeout: WAIT_MS });
}

/** Parts that show nothing or an error, with what they say. */
export function failing(page: Page): Promise<string[]> {
  return page.locator('[data-state=empty], [data-state=error]').allInnerTexts();
}

/** What the browser tells of an element's room. */
interface Room {
  readonly scrollWidth: number;
  readonly clientWidth: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
  readonly textContent: string | null;
}

/** Texts that have more to show than they have room for. */
export async function cutOff(page: Page): Promise<string[]> {
  const texts = await overflowing(page.locator('h1, h3, .sidebar a, .metric dd, .field > span, .value a'));
  const bodies = await overflowing(
    page.locator(
      '.body[data-kind=metric], .body[data-kind=bars], .body[data-kind=share], .body[data-kind=heatmap], .body[data-kind=text]',
    ),
  );
  return [...texts, ...bodies];
}

function overflowing(places: Locator): Promise<string[]> {
  return places.evaluateAll((elements: Room[]) =>
    elements
      .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 2)
      // Inline elements have no room of their own.
      .filter((one) => one.clientWidth > 0)
      .map((one) => (one.textContent ?? '').slice(0, 60)),
  );
}

/** Pairs of panels that cover each other. */
export async function overlapping(page: Page): Promise<string[]> {
  const panels = await page.locator('.panel').all();
  const boxes = await Promise.all(
    panels.map(async (panel) => ({
      name: (await panel.getAttribute('data-panel')) ?? '',
      box: await panel.boundingBox(),
    })),
  );
  return boxes.flatMap((one, i) =>
    boxes
      .slice(i + 1)
      .filter((other) => cover(one.box, other.box))
      .map((other) => `${one.name} and ${other.name}`),
  );
}

type Box = Awaited<ReturnType<Locator['boundingBox']>>;

function cover(a: Box, b: Box): boolean {
  if (a === null || b === null) return true;
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
