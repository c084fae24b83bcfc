import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageData } from '../lib/snapshot/page-data.ts';
import { launchBrowser, openPage, type View } from '../lib/testing/browser.ts';
import { anIncident, anUpdate, frontPage, lineOf } from '../lib/testing/page-builders.ts';
import { type RenderedSite, renderSite } from '../lib/testing/rendered-site.ts';
import { calm, midIncident, pinnedAndSilent, shopPages } from '../lib/testing/shop-pages.ts';

/** Words without a place to break, code and an address that are wider than any telephone. */
const unwieldy = anIncident({
  id: '2026-11-19-unwieldy',
  title: `Checkout${'Unbreakable'.repeat(12)} fails ${'for some merchants '.repeat(4)}`.slice(0, 200),
  components: [{ id: 'payments', name: 'PaymentsAndEverythingThatBelongsToThemInOneWord', status: 'major_outage' }],
  updates: Array.from({ length: 32 }, (_, index) =>
    anUpdate('investigating', `2026-11-19T10:${String(59 - index).padStart(2, '0')}:00Z`, 'Long', {
      html: `<p>See <a href="https://example.com/${'path/'.repeat(40)}">https://example.com/${'path/'.repeat(40)}</a></p><pre><code>${'code '.repeat(60)}${'x'.repeat(300)}</code></pre><ul><li>${'word'.repeat(60)}</li></ul>`,
      components: [{ id: 'payments', status: 'major_outage' }],
    }),
  ),
});

const pages: Record<string, PageData> = {
  ...shopPages(),
  '/incidents/2026-11-19-unwieldy/': { ...frontPage(midIncident()), kind: 'incident', incident: unwieldy },
  '/history/2026-09/': {
    ...frontPage(midIncident()),
    kind: 'month',
    month: '2026-09',
    newer: '2026-10',
    older: '2026-08',
    incidents: Array.from({ length: 80 }, () => lineOf(unwieldy)),
  },
  '/calm/': frontPage(calm('operational', 'Everything is working', { recent_incidents: [] })),
  '/unwieldy/': frontPage(calm('major_outage', 'Some services are down', { open_incidents: [unwieldy] })),
  '/pinned-and-silent/': frontPage(pinnedAndSilent()),
  '/maintenance/': frontPage(calm('under_maintenance', 'Maintenance is under way')),
};
const paths = Object.keys(pages);

let site: RenderedSite;
let browser: Browser;
beforeAll(async () => {
  [site, browser] = await Promise.all([renderSite(pages, '/status/'), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

/** What `look` sees on the page, which is closed afterwards; a complaint of the browser fails the test. */
async function see<T>(path: string, view: View, look: (page: Page) => Promise<T>): Promise<T> {
  const { page, complaints } = await openPage(browser, site.at(path), view);
  const seen = await look(page);
  await page.context().close();
  expect(complaints).toEqual([]);
  return seen;
}

describe.each(paths)('%s', (path) => {
  let facts: Facts;
  beforeAll(async () => {
    facts = await see(path, { timeZone: 'Asia/Tokyo', now: '2026-11-20T11:06:00Z' }, factsOf);
  });

  test('has nothing that axe objects to, in light on a desk and in dark on a telephone', () => {
    expect(facts.violations).toEqual({ light: [], dark: [] });
  });

  test('fits a window of 320 px', () => {
    expect(facts.width).toBe(320);
  });

  test('has one main heading, headings in order, landmarks and a language', () => {
    const skips = facts.levels.filter((level, index) => level > (facts.levels[index - 1] ?? 0) + 1);
    expect(facts.levels.filter((level) => level === 1)).toEqual([1]);
    expect(skips).toEqual([]);
    expect(facts.landmarks).toEqual(['body > header', 'nav', 'main', 'body > footer']);
    expect(facts.lang).toBe('en');
  });

  test('shows no status by its mark alone', () => {
    expect(facts.wordless).toEqual([]);
  });

  test('links to nothing outside of the folder that it is published in, but for mail and the world', () => {
    const { origin } = new URL(site.at('/'));
    const addresses = facts.addresses.map((address) => address.replace(origin, ''));
    const strange = addresses.filter((address) => !/^(?:\/status\/|#main$|mailto:|https:\/\/)/.test(address));
    expect(strange).toEqual([]);
  });

  test('says how old its data is, and does so without JavaScript', async () => {
    const [text] = await see(path, { javaScript: false }, (page) => page.locator('body').allInnerTexts());
    expect(text).toContain('Data as of 20 Nov 2026, 10:07 UTC');
  });
});

test('the keyboard reaches the skip link first and then every link in the order of the page', async () => {
  const { reached, links, skipped } = await see('/', {}, async (page) => {
    const links = await page.evaluate(() =>
      [...document.querySelectorAll('a')].filter((a) => a.checkVisibility()).map((a) => a.textContent?.trim()),
    );
    const reached: (string | undefined)[] = [];
    for (const _ of links) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate(() => document.activeElement?.textContent?.trim()));
    }
    await page.focus('.skip');
    await page.keyboard.press('Enter');
    const skipped = await page.evaluate(() => document.activeElement?.id);
    return { reached, links, skipped };
  });
  expect(reached[0]).toBe('Skip to the content');
  expect(reached).toEqual(links);
  expect(skipped).toBe('main');
});

test('the front page tells what is open before anything else, newest update first', async () => {
  const { hero, sections, states } = await see('/', { javaScript: false }, async (page) => ({
    hero: await page.locator('.hero :is(h1, .troubled)').allInnerTexts(),
    sections: await page.locator('h2').allInnerTexts(),
    states: await page.locator('.open .timeline h4').allInnerTexts(),
  }));
  expect(hero).toEqual(['Some services are failing for some people', 'Payments, Point of Sale']);
  expect(sections).toEqual(['Open incident', 'Components', 'Recent history']);
  expect(states.map((text) => text.trim())).toEqual(['Monitoring', 'Identified', 'Investigating']);
});

test('a script or style that somebody slipped in is refused by the page itself', async () => {
  const { page, complaints } = await openPage(browser, site.at('/'));
  await page.evaluate(() => {
    document.body.append(
      Object.assign(document.createElement('script'), { textContent: 'document.title = "slipped in"' }),
    );
    document.body.append(Object.assign(document.createElement('style'), { textContent: 'body { display: none }' }));
  });
  expect(await page.title()).not.toBe('slipped in');
  expect(await page.isVisible('h1')).toBe(true);
  expect(complaints.filter((complaint) => /Content Security Policy/.test(complaint))).toHaveLength(2);
  await page.context().close();
});

test('the front page weighs at most 14 KB compressed, with all that it loads', async () => {
  const html = await readFile(join(site.folder, 'index.html'));
  const assets = await readdir(join(site.folder, '_astro'));
  const files = await Promise.all(assets.map((name) => readFile(join(site.folder, '_astro', name))));
  const bytes = [html, ...files].reduce((sum, file) => sum + gzipSync(file).length, 0);
  expect(assets.map((name) => name.split('.').at(-1)).sort()).toEqual(['css', 'js']);
  expect(bytes).toBeLessThanOrEqual(14 * 1024);
});

test('the script stays small: local times in 1.1 KB, the refresh in less than 1.5 KB, and both in 1.5 KB compressed', async () => {
  const assets = await readdir(join(site.folder, '_astro'));
  const [name = ''] = assets.filter((asset) => asset.endsWith('.js'));
  const script = await readFile(join(site.folder, '_astro', name));
  const [times = ''] = /\w+=new Intl\.RelativeTimeFormat\b.*\bsetInterval\(.*?\);/s.exec(script.toString()) ?? [];
  expect(times).toMatch(/^\w+=new Intl.*setInterval\(\w+,\w+\);$/);
  expect(times.length).toBeLessThanOrEqual(1.1 * 1024);
  expect(script.length - times.length).toBeLessThan(1.5 * 1024);
  expect(gzipSync(script).length).toBeLessThanOrEqual(1.5 * 1024);
});

test('printed, the page keeps its facts and leaves out what only a screen needs', async () => {
  const seen = await see('/', { media: 'print' }, async (page) => ({
    nav: await page.isVisible('.top nav'),
    sentence: await page.locator('h1').evaluate((h1) => getComputedStyle(h1).color),
    due: await page.isVisible('.due'),
  }));
  expect(seen).toEqual({ nav: false, sentence: 'rgb(0, 0, 0)', due: true });
});

interface Facts {
  readonly violations: { readonly light: readonly string[]; readonly dark: readonly string[] };
  readonly width: number;
  readonly levels: readonly number[];
  readonly landmarks: readonly string[];
  readonly lang: string;
  readonly wordless: readonly string[];
  readonly addresses: readonly string[];
}

/** What there is to know of the page, gathered in one visit. */
async function factsOf(page: Page): Promise<Facts> {
  await page.evaluate(axe.source);
  const light = await violationsOn(page);
  await page.setViewportSize({ width: 320, height: 800 });
  await page.emulateMedia({ colorScheme: 'dark' });
  return { violations: { light, dark: await violationsOn(page) }, ...(await documentOf(page)) };
}

async function violationsOn(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(
    "axe.run().then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((node) => node.html).join(' ')))",
  );
}

async function documentOf(page: Page): Promise<Omit<Facts, 'violations'>> {
  return page.evaluate(() => {
    const all = (css: string) => [...document.querySelectorAll(css)];
    return {
      width: document.documentElement.scrollWidth,
      levels: all('h1,h2,h3,h4,h5,h6').map(({ tagName }) => Number(tagName[1])),
      landmarks: ['body > header', 'nav', 'main', 'body > footer'].filter((css) => all(css).length > 0),
      lang: document.documentElement.lang,
      wordless: all('.mark')
        .filter((mark) => !/\w{4}/.test(mark.parentElement?.textContent ?? ''))
        .map(({ outerHTML }) => outerHTML),
      addresses: all('[href],[src]').map((e) => e.getAttribute('href') ?? e.getAttribute('src') ?? ''),
    };
  });
}
