import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { livePage } from '../lib/snapshot/pages.ts';
import { launchBrowser, openPage, type View } from '../lib/testing/browser.ts';
import { anUpdate, frontPage } from '../lib/testing/page-builders.ts';
import { publishSnapshot, type RenderedSite, renderSite } from '../lib/testing/rendered-site.ts';
import { calm, midIncident, pinnedAndSilent, shopPages } from '../lib/testing/shop-pages.ts';

/** Made at 10:07; its data is too old after 10:22. */
const made = midIncident();
const fresh = '2026-11-20T10:12:00Z';

let site: RenderedSite;
let browser: Browser;
beforeAll(async () => {
  [site, browser] = await Promise.all([renderSite(shopPages(), '/status/'), launchBrowser()]);
});
beforeEach(() => publishSnapshot(site.folder, made));
afterAll(async () => {
  await browser.close();
  await site.close();
});

/** What the page looks up at once when its tab is shown again. */
async function showAgain(page: Page): Promise<void> {
  const looked = page.waitForResponse((response) => response.url().endsWith('/current.json'));
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await looked;
}

/** The first of these, as it is read. */
async function textOf(page: Page, css: string): Promise<string> {
  const [text = ''] = await page.locator(css).allInnerTexts();
  return text;
}

/** What `look` sees on the page, which is closed afterwards; a complaint of the browser fails the test. */
async function visit<T>(path: string, view: View, look: (page: Page) => Promise<T>): Promise<T> {
  const { page, complaints } = await openPage(browser, site.at(path), { now: '2026-11-20T10:13:00Z', ...view });
  await page.waitForLoadState('networkidle');
  const seen = await look(page);
  await page.context().close();
  expect(complaints).toEqual([]);
  return seen;
}

const wellAgain = {
  ...calm('operational', 'Everything is working', { generated_at: fresh }),
  components: midIncident().components.map(
    ({ since: _, ...component }) => ({ ...component, status: 'operational', uptime_90d: 99.5 }) as const,
  ),
};

test('the front page follows current.json without a reload, keeps the focus, and touches nothing else', async () => {
  const seen = await visit('/', {}, async (page) => {
    await page.focus('.component a');
    await page.evaluate(() => document.body.setAttribute('data-mark', 'the same document'));
    await publishSnapshot(site.folder, wellAgain);
    await showAgain(page);
    await page.getByRole('heading', { level: 1, name: 'Everything is working' }).waitFor();
    return {
      title: await page.title(),
      icon: await page.locator('#icon').getAttribute('href'),
      overall: await page.locator('body').getAttribute('class'),
      mark: await page.locator('.hero .mark').getAttribute('class'),
      troubled: await page.locator('.troubled').isVisible(),
      asOf: await textOf(page, '.hero .as-of'),
      first: await textOf(page, '.component .now .label'),
      label: await page.locator('.component').first().locator('.now .label').getAttribute('class'),
      focus: await page.evaluate(() => document.activeElement?.textContent),
      same: await page.locator('body').getAttribute('data-mark'),
      news: await textOf(page, '.notice'),
    };
  });
  expect(seen).toEqual({
    title: 'Everything is working · Marigold Commerce',
    icon: expect.stringMatching(/\/status\/marks\/operational\.svg$/),
    overall: 'operational',
    mark: 'mark operational',
    troubled: false,
    asOf: 'Data as of 20 Nov 2026, 10:12 UTC (1 minute ago)',
    first: 'Operational',
    label: 'label operational',
    focus: 'Payments',
    same: 'the same document',
    news: 'There is news of an incident. Show the newest page',
  });
});

test('the page of a component follows too: what it shows, since when, and what pins it', async () => {
  const pinned = pinnedAndSilent();
  const [payments, ...others] = pinned.components;
  if (payments === undefined) throw new Error('The shop has components.');
  const otherwise = { status: 'partial_outage', since: '2026-11-20T09:05:00Z' } as const;
  const override = { reason: 'Planned upgrade', set_at: fresh, expires_at: '2026-11-20T11:00:00Z', otherwise };
  const component = { ...payments, status: 'under_maintenance', since: fresh, override } as const;
  const texts = await visit('/components/payments/', {}, async (page) => {
    const before = await textOf(page, '.head');
    await publishSnapshot(site.folder, { ...pinned, generated_at: fresh, components: [component, ...others] });
    await showAgain(page);
    await page.getByText('Planned upgrade').waitFor();
    const during = await textOf(page, '.head');
    await publishSnapshot(site.folder, { ...wellAgain, generated_at: '2026-11-20T10:12:30Z' });
    await showAgain(page);
    await page.locator('.head .operational').first().waitFor();
    return [before, during, await textOf(page, '.head')].map((text) => text.split(/\n+/).slice(2));
  });
  expect(texts).toEqual([
    ['Partial outage', 'since 20 Nov 2026, 09:05 UTC (1 hour ago)', 'Taking card payments in store and online'],
    [
      'Under maintenance',
      'since 20 Nov 2026, 10:12 UTC (1 minute ago)',
      'Taking card payments in store and online',
      'Planned upgrade',
      'Until 20 Nov 2026, 11:00 UTC (in 47 minutes)',
    ],
    ['Operational', 'Taking card payments in store and online'],
  ]);
});

/** Inventory Sync is pinned until 11:30, and no newer snapshot comes. */
const pinned = { ...pinnedAndSilent(), stale_after_seconds: 7200 };

/** Looks at a page of the pinned shop at `now`. */
async function visitPinned<T>(
  path: '/' | '/components/inventory-sync/',
  now: string,
  look: (page: Page) => Promise<T>,
) {
  const [own] = pinned.components.filter(({ id }) => id === 'inventory-sync');
  if (own === undefined) throw new Error('The shop has this component.');
  const shared = { page: pinned.page, asOf: pinned.generated_at, live: livePage(pinned, own.id) };
  const page = { ...shared, kind: 'component', component: own, openIncidents: [], pastIncidents: [] } as const;
  const pinnedSite = await renderSite({ '/': frontPage(pinned), '/components/inventory-sync/': page }, '/');
  const { page: opened, complaints } = await openPage(browser, pinnedSite.at(path), { now });
  await opened.waitForLoadState('networkidle');
  const seen = await look(opened);
  await opened.context().close();
  await pinnedSite.close();
  expect(complaints.filter((complaint) => !/current\.json|DISCONNECTED/.test(complaint))).toEqual([]);
  return seen;
}

async function frontOf(page: Page) {
  return {
    overall: await page.locator('body').getAttribute('class'),
    title: await page.title(),
    icon: (await page.locator('#icon').getAttribute('href'))?.split('/').at(-1),
    sentence: await textOf(page, '.hero h1'),
    troubled: await textOf(page, '.troubled'),
    mark: await page.locator('.hero .mark').getAttribute('class'),
    status: await textOf(page, '[data-about="inventory-sync"] .now'),
    note: await page.locator('[data-about="inventory-sync"] .override').isVisible(),
  };
}

const whilePinned = {
  overall: 'under_maintenance',
  title: 'Maintenance is under way · Marigold Commerce',
  icon: 'under_maintenance.svg',
  sentence: 'Maintenance is under way',
  troubled: 'Inventory Sync, Reports',
  mark: 'mark under_maintenance',
  status: 'Under maintenance',
  note: true,
};
const onceOver = {
  overall: 'unknown',
  title: 'The state of some services is not known · Marigold Commerce',
  icon: 'unknown.svg',
  sentence: 'The state of some services is not known',
  troubled: 'Reports',
  mark: 'mark unknown',
  status: 'Operational',
  note: false,
};

test.each([
  ['2026-11-20T11:29:59Z', whilePinned],
  ['2026-11-20T11:30:00Z', onceOver],
])('an override that ends after the page was made ends on the page too: at %s', async (now, expected) => {
  expect(await visitPinned('/', now, frontOf)).toEqual(expected);
});

test('it ends on a page that is open, by the clock alone, without network, and at that very instant', async () => {
  const seen = await visitPinned('/', '2026-11-20T11:29:59.500Z', async (page) => {
    const before = await frontOf(page);
    await page.context().setOffline(true);
    await page.clock.setFixedTime('2026-11-20T11:30:00Z');
    await page.getByText('The state of some services is not known', { exact: true }).waitFor();
    return [before, await frontOf(page)];
  });
  expect(seen).toEqual([whilePinned, onceOver]);
});

test('on the page of its component too, with since when', async () => {
  const [before, after] = await Promise.all(
    ['2026-11-20T11:29:59Z', '2026-11-20T11:30:00Z'].map((now) =>
      visitPinned('/components/inventory-sync/', now, (page) => textOf(page, '.head')),
    ),
  );
  expect([before, after].map((text) => text?.split(/\n+/).slice(2))).toEqual([
    [
      'Under maintenance',
      'Stock levels across your shops',
      'Planned upgrade of the stock database',
      'Until 20 Nov 2026, 11:30 UTC (now)',
    ],
    ['Operational', 'since 20 Nov 2026, 09:30 UTC (2 hours ago)', 'Stock levels across your shops'],
  ]);
});

test('a page whose data is too old says so by itself, in words, and takes it back with newer data', async () => {
  const seen = await visit('/', { now: '2026-11-20T10:22:01Z' }, async (page) => {
    await page.getByText('This page is out of date.').waitFor();
    const [old, icon] = [await textOf(page, '.hero h1'), await page.locator('#icon').getAttribute('href')];
    const before = await page.locator('h1').evaluate((h1) => getComputedStyle(h1, '::before').content);
    await publishSnapshot(site.folder, { ...made, generated_at: '2026-11-20T10:21:00Z' });
    await showAgain(page);
    await page.getByText('This page is out of date.').waitFor({ state: 'hidden' });
    return { old, before, icon, overall: await page.locator('body').getAttribute('class') };
  });
  expect(seen).toEqual({
    old: 'Some services are failing for some people',
    before: '"Last known: "',
    icon: expect.stringMatching(/unknown\.svg$/),
    overall: 'partial_outage',
  });
});

test('until three intervals have passed nothing is out of date', async () => {
  const stale = await visit('/', { now: '2026-11-20T10:22:00Z' }, (page) => page.isVisible('#stale'));
  expect(stale).toBe(false);
});

test('a page without network says that it is out of date all the same', async () => {
  const { page } = await openPage(browser, site.at('/'), { now: '2026-11-20T10:30:00Z' });
  await page.context().setOffline(true);
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await page.getByText('This page is out of date.').waitFor();
  await page.context().close();
});

test('data that is older than what is shown, or no data at all, changes nothing', async () => {
  const sentence = await visit('/', {}, async (page) => {
    await publishSnapshot(site.folder, { ...wellAgain, generated_at: '2026-11-20T10:00:00Z' });
    await showAgain(page);
    return textOf(page, '.hero h1');
  });
  expect(sentence).toBe('Some services are failing for some people');
});

test('an update of an incident is offered and not put under a reader', async () => {
  const [open] = made.open_incidents;
  if (open === undefined) throw new Error('An incident is open.');
  const updates = [anUpdate('monitoring', fresh, 'Nearly there.'), ...open.updates];
  const seen = await visit('/incidents/2026-11-20-card-payments/', {}, async (page) => {
    const before = await textOf(page, 'main');
    await publishSnapshot(site.folder, { ...made, generated_at: fresh, open_incidents: [{ ...open, updates }] });
    await showAgain(page);
    const offer = page.getByRole('link', { name: 'Show the newest page' });
    await offer.waitFor();
    return [before === (await textOf(page, 'main')), await offer.getAttribute('href')];
  });
  expect(seen).toEqual([true, '/status/']);
});

test.each(['/history/', '/history/2026-11/', '/incidents/2026-11-12-late-mail/', '/404.html'])(
  'a page of the archive is as old as its newest fact, and neither asks nor complains: %s',
  async (path) => {
    const asked: string[] = [];
    const { page } = await openPage(browser, site.at(path), { now: '2027-11-20T10:22:01Z' });
    page.on('request', (request) => asked.push(request.url()));
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.waitForLoadState('networkidle');
    expect([asked, await page.locator('#stale').count()]).toEqual([[], 0]);
    await page.context().close();
  },
);
