import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchBrowser, openPage } from '../../lib/testing/browser.ts';
import { candor, type Running, startCandor } from '../../lib/testing/command-line.ts';
import { type TemporaryRoot, temporaryContentRoot } from '../../lib/testing/content-root.ts';
import { type ReadMail, readMail, subscriberJourney } from '../../lib/testing/subscriber-journey.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const patience = { timeout: 60_000, interval: 200 };
const reports = 'components/reports.yml';

/** The mails that were written so far. */
async function mailsIn(root: TemporaryRoot): Promise<ReadMail[]> {
  const folder = join(root.path, '.state', 'mail');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml')).sort();
  return Promise.all(names.map(async (name) => readMail(await readFile(join(folder, name)))));
}

async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))');
}

async function stopped(running: Running): Promise<void> {
  expect(await running.stop('SIGTERM')).toBe(0);
}

test('somebody subscribes on the page, confirms, chooses, hears of an update, and leaves', async () => {
  await using root = await temporaryContentRoot({ [reports]: 'name: Reports\n' });
  const running = startCandor(['start', '--port', '0', '--no-probes', '--root', root.path]);
  onTestFinished(async () => void (await running.stop('SIGKILL')));
  const [, address = ''] = await running.line(/^The page is at (http:\S+)$/);

  await subscriberJourney({ browser, root, address, mails: () => mailsIn(root) });
  await stopped(running);
});

test('the form and the pages of the endpoint have nothing that axe objects to, also after a mistake', async () => {
  await using root = await temporaryContentRoot({ [reports]: 'name: Reports\n' });
  const running = startCandor(['start', '--port', '0', '--no-probes', '--root', root.path]);
  onTestFinished(async () => void (await running.stop('SIGKILL')));
  const [, address = ''] = await running.line(/^The page is at (http:\S+)$/);
  for (const theme of ['light', 'dark'] as const) {
    const { page } = await openPage(browser, address, { theme });
    expect(await violationsOf(page)).toEqual([]);
    await page.evaluate(() => document.querySelector('form')?.setAttribute('novalidate', ''));
    await page.fill('#email', 'not an address');
    await page.click('button:text("Subscribe")');
    expect(await page.textContent('.fault')).toMatch(/^An address is a name and a domain/);
    expect(await page.inputValue('#email')).toBe('not an address');
    expect(await violationsOf(page)).toEqual([]);
    await page.goto(`${address}api/v1/status/nothing`);
    expect(await page.textContent('h1')).toBe('There is nothing here');
    expect(await violationsOf(page)).toEqual([]);
    await page.context().close();
  }
  await stopped(running);
});

test('a page whose subscribers are somebody else’s is served all the same, and says why', async () => {
  await using root = await temporaryContentRoot();
  const first = startCandor(['start', '--port', '0', '--no-probes', '--root', root.path]);
  onTestFinished(async () => void (await first.stop('SIGKILL')));
  await first.line(/^Subscribers are kept in /);
  await first.line(/^The page is at /);
  const second = startCandor(['serve', '--port', '0', '--root', root.path, '--from', join(root.path, '.state/page/a')]);
  onTestFinished(async () => void (await second.stop('SIGKILL')));
  const [, address = ''] = await second.line(/ is at (http:\S+)$/);
  await second.line(/^error: .*subscribers/);
  expect((await fetch(address)).status).toBe(200);
  const form = { method: 'POST', body: new URLSearchParams({ email: 'ada@example.com' }) };
  await expect
    .poll(async () => (await fetch(`${address}api/v1/status/subscribe`, form)).headers.get('retry-after'), patience)
    .toBe('60');
  await stopped(second);
  await stopped(first);
});

test('settings that are wrong are told at once, and nothing is served', async () => {
  expect(await candor(['serve', '--from', '.'], { env: { SMTP_URL: 'x', CANDOR_TRUST_PROXY: 'y' } })).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: 3 settings of the environment are wrong.
  SMTP_URL is not the address of a mail server. Set it to smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465, with %40 for an @ in the password.
  CANDOR_TRUST_PROXY is not how many proxies in front of the endpoint are believed, a number from 0 to 9. Set it to 1 behind one load balancer, 0 where visitors connect directly.
  MAIL_FROM is not set, and a mail server wants to know whom mails are from. Set it to Status <status@example.com>.
`,
  });
});
