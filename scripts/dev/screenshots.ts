import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { openState } from '../../lib/adapters/state/open-state.ts';
import type { PublicModel } from '../../lib/snapshot/public-model.ts';
import { sealedIdentity } from '../../lib/subscriptions/subscriber-secrets.ts';
import { newToken, tokenKey } from '../../lib/subscriptions/tokens.ts';
import { openPage, type View, withBrowser } from '../../lib/testing/browser.ts';
import { serveFolder } from '../../lib/testing/folder-server.ts';
import { type RunningEndpoint, startEndpoint } from '../../lib/testing/running-endpoint.ts';
import { buildSite } from '../pipeline/build-site.ts';
import { cacheDirFor, engineDir } from '../pipeline/engine.ts';
import { readMeasurements } from '../pipeline/measurements.ts';

/** `node scripts/dev/screenshots.ts --root DIR --state DIR --now ISO --out DIR [--only NAME]`: every kind of page at four widths, in both themes and in print. */
const { values } = parseArgs({
  options: {
    root: { type: 'string', default: '.' },
    state: { type: 'string' },
    now: { type: 'string', default: new Date().toISOString() },
    out: { type: 'string', default: '.cache/screenshots' },
    only: { type: 'string', default: '' },
  },
});
const now = new Date(values.now);
const out = resolve(values.out);

const views: Record<string, View> = {
  ...Object.fromEntries(
    [320, 768, 1280, 1920].flatMap((width) =>
      (['light', 'dark'] as const).map((theme) => [`${width}-${theme}`, { width, theme }]),
    ),
  ),
  print: { width: 768, media: 'print' },
  'forced-colors': { forcedColors: true, theme: 'dark' },
};

const folder = await mkdtemp(join(tmpdir(), 'candor-screenshots-'));
try {
  const model = await build(folder);
  const server = await serveFolder(folder);
  await mkdir(out, { recursive: true });
  await withBrowser(async (browser) => {
    for (const [name, path] of Object.entries(pagesToSee(model))) await shoot(browser, name, server.origin + path);
    await using endpoint = await startEndpoint({ facts: model.snapshot, now: () => now });
    for (const [name, see] of Object.entries(await endpointPages(endpoint))) {
      await shoot(browser, name, endpoint.origin + see.path, see.press);
    }
  });
  await server.close();
} finally {
  await rm(folder, { recursive: true });
}

async function build(to: string): Promise<PublicModel> {
  const { model, problems } = await buildSite({
    root: resolve(values.root),
    out: to,
    engineDir,
    cacheDir: cacheDirFor(resolve(values.root)),
    now,
    redactNames: [],
    endpointOf: ({ endpoint_url: url }) => url ?? 'https://mail.example.com',
    measurements: await readMeasurements(openState(resolve(values.state ?? join(values.root, '.state')))),
  });
  if (model === undefined) throw new Error(`The content has ${problems.length} problems: candor check tells them.`);
  return model;
}

/** One page of each kind: of incidents the one with most to say, of months the fullest. */
function pagesToSee({ history, snapshot }: PublicModel): Record<string, string> {
  const longest = history.toSorted((a, b) => b.updates.length - a.updates.length)[0];
  const months = Object.entries(Object.groupBy(history, ({ started_at: at }) => at.slice(0, 7)));
  const fullest = months.toSorted(([, a = []], [, b = []]) => b.length - a.length)[0]?.[0];
  const component = snapshot.components[0]?.id;
  return {
    front: '/',
    history: '/history/',
    ...(longest && { incident: `/incidents/${longest.id}/` }),
    ...(fullest && { month: `/history/${fullest}/` }),
    ...(component && { component: `/components/${component}/` }),
  };
}

/** The pages of the endpoint: their paths, and what is pressed on them before they are looked at. */
async function endpointPages({
  store,
  keys,
}: RunningEndpoint): Promise<Record<string, { path: string; press?: string }>> {
  const identity = sealedIdentity(keys, { typed: 'ada@example.com', folded: 'ada@example.com' });
  await store.subscribe({ ...identity, components: 'all', language: 'en', at: now });
  const confirm = newToken();
  const expiresAt = new Date(now.getTime() + 86_400_000);
  await store.addConfirmation(identity.id, { key: tokenKey('confirm', confirm), expiresAt });
  const leave = keys.open('unsubscribe', identity.emailKey, identity.sealedUnsubscribe);
  return {
    'endpoint-confirm': { path: `/api/v1/status/confirm/${confirm}` },
    'endpoint-unsubscribe': { path: `/api/v1/status/unsubscribe/${leave}` },
    'endpoint-manage': { path: `/api/v1/status/manage/${leave}` },
    'endpoint-saved': { path: `/api/v1/status/manage/${leave}`, press: 'button' },
    'endpoint-unknown': { path: `/api/v1/status/confirm/${newToken()}` },
    'endpoint-nothing': { path: '/api/v1/status/nothing' },
  };
}

async function shoot(browser: Browser, name: string, url: string, press?: string): Promise<void> {
  if (!name.startsWith(values.only)) return;
  for (const [view, how] of Object.entries(views)) {
    const { page, complaints } = await openPage(browser, url, { ...how, now: now.toISOString() });
    if (press !== undefined) await page.click(press);
    const file = join(out, `${name}-${view}.png`);
    await page.screenshot({ path: file, fullPage: true });
    await page.context().close();
    process.stdout.write(`${[file, ...complaints].join('\n  ')}\n`);
  }
}
