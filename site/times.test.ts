import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage, type View } from '../lib/testing/browser.ts';
import { frontPage } from '../lib/testing/page-builders.ts';
import { type RenderedSite, renderSite } from '../lib/testing/rendered-site.ts';
import { midIncident } from '../lib/testing/shop-pages.ts';

const snapshot = midIncident();
/** The next update of the open incident is due at 11:05. */
const pages = { '/': frontPage(snapshot), '/late/': frontPage({ ...snapshot, generated_at: '2026-11-20T11:30:00Z' }) };

let site: RenderedSite;
let browser: Browser;
beforeAll(async () => {
  [site, browser] = await Promise.all([renderSite(pages, '/status/'), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

async function textOf(selector: string, path: keyof typeof pages, view: View): Promise<string> {
  const { page } = await openPage(browser, site.at(path), view);
  const [text = ''] = await page.locator(selector).allInnerTexts();
  await page.context().close();
  return text;
}

test.each([
  ['Europe/Berlin', 'Data as of 20 Nov 2026, 10:07 UTC (11:07 CET, 3 minutes ago)'],
  ['America/New_York', 'Data as of 20 Nov 2026, 10:07 UTC (05:07 GMT-5, 3 minutes ago)'],
  ['Pacific/Auckland', 'Data as of 20 Nov 2026, 10:07 UTC (23:07 GMT+13, 3 minutes ago)'],
  ['Pacific/Kiritimati', 'Data as of 20 Nov 2026, 10:07 UTC (21 Nov, 00:07 GMT+14, 3 minutes ago)'],
  ['Europe/London', 'Data as of 20 Nov 2026, 10:07 UTC (3 minutes ago)'],
])("a visitor's own time stands beside UTC where it differs: %s", async (timeZone, expected) => {
  expect(await textOf('.as-of', '/', { timeZone, now: '2026-11-20T10:10:00Z' })).toBe(expected);
});

test('without JavaScript times are in UTC alone', async () => {
  expect(await textOf('.as-of', '/', { javaScript: false })).toBe('Data as of 20 Nov 2026, 10:07 UTC');
});

test('of what is days old only the age of the page is told', async () => {
  const now = '2026-12-24T10:00:00Z';
  expect(await textOf('.as-of', '/', { now })).toBe('Data as of 20 Nov 2026, 10:07 UTC (34 days ago)');
  expect(await textOf('.open .when', '/', { now })).toBe('20 Nov, 10:05 UTC');
});

test('an update that is not due yet is announced with its time', async () => {
  const text = await textOf('.due', '/', { now: '2026-11-20T11:05:00Z' });
  expect(text).toBe('Next update due by 11:05 UTC (now)');
});

test('an update that does not come is marked as overdue by the script', async () => {
  const text = await textOf('.due', '/', { now: '2026-11-20T11:06:00Z' });
  expect(text).toBe('Next update due by 11:05 UTC (1 minute ago) Overdue');
});

test('an update that was overdue when the page was made is marked without script', async () => {
  expect(await textOf('.due', '/late/', { javaScript: false })).toBe('Next update due by 11:05 UTC Overdue');
});
