import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

/** How a page is looked at; what is left out is a plain light window of 1280 x 900 in UTC. */
export interface View {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  readonly javaScript?: boolean;
  /** An IANA name: where the visitor sits. */
  readonly timeZone?: string;
  /** What the visitor's clock says, and keeps saying. */
  readonly now?: string;
  readonly media?: 'screen' | 'print';
  readonly forcedColors?: boolean;
  readonly reducedMotion?: boolean;
}

/** An open page, and what the browser complained about on it: console errors, refused resources, uncaught errors. */
export interface Opened {
  readonly page: Page;
  readonly complaints: string[];
}

/** Run `use` with a Chromium of its own, which is closed afterwards whatever happens. */
export async function withBrowser<T>(use: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await launchBrowser();
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

/** A headless Chromium that needs nothing of the machine, with `flags` of its own if need be; the caller closes it. */
export async function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  const folder = await chromiumFolder();
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    env: environment(folder),
    args: [...commonFlags, ...flags],
  });
}

/** What Chromium is started with: no sandbox (containers have none), no talk of its own, the same text everywhere. */
const commonFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--font-render-hinting=none',
];

/** Open `url` as `view` says, in a context of its own; close it with `page.context().close()`. */
export async function openPage(browser: Browser, url: string, view: View = {}): Promise<Opened> {
  const context = await browser.newContext(contextOptions(view));
  if (view.now !== undefined) await context.clock.setFixedTime(view.now);
  const page = await context.newPage();
  if (view.media !== undefined) await page.emulateMedia({ media: view.media });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  await page.goto(url, { waitUntil: 'load' });
  return { page, complaints };
}

function contextOptions(view: View): BrowserContextOptions {
  return {
    viewport: { width: view.width ?? 1280, height: view.height ?? 900 },
    colorScheme: view.theme ?? 'light',
    javaScriptEnabled: view.javaScript ?? true,
    timezoneId: view.timeZone ?? 'UTC',
    locale: 'en-GB',
    forcedColors: view.forcedColors === true ? 'active' : 'none',
    reducedMotion: view.reducedMotion === true ? 'reduce' : 'no-preference',
  };
}

/** The libraries and fonts of the package stand behind those of the machine, so both bare and full machines work. */
function environment(folder: string): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const libraries = [process.env['LD_LIBRARY_PATH'], ...systemLibraries, join(folder, 'al2023', 'lib')];
  return {
    ...Object.fromEntries(inherited),
    LD_LIBRARY_PATH: libraries.filter((path) => path !== undefined && path !== '').join(':'),
    FONTCONFIG_FILE: join(folder, 'fonts.conf'),
  };
}

const project = fileURLToPath(new URL('../../', import.meta.url));
const systemLibraries = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib64', '/usr/lib64'];

/** Where Chromium lies unpacked: once a version, and in one step, so that test files may start side by side. */
async function chromiumFolder(): Promise<string> {
  const cache = join(project, '.cache');
  const manifest = await readFile(join(project, 'node_modules/@sparticuz/chromium/package.json'), 'utf8');
  const folder = join(cache, `chromium-${JSON.parse(manifest).version}`);
  if (await exists(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'unpacking-'));
  try {
    await unpack(fresh);
    await writeFile(join(fresh, 'fonts.conf'), fontConfiguration(join(folder, 'fonts')));
    await rename(fresh, folder);
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true });
    if (!(await exists(folder))) throw new Error(`Chromium could not be unpacked to ${folder}.`, { cause });
  }
  return folder;
}

/** The package unpacks to the temporary folder of its process; a process of its own gets one of its own. */
async function unpack(to: string): Promise<void> {
  const script = `
    import { inflate } from '@sparticuz/chromium';
    const bin = new URL('../bin/', import.meta.resolve('@sparticuz/chromium')).pathname;
    await Promise.all(['chromium.br', 'fonts.tar.br', 'al2023.tar.br'].map((name) => inflate(bin + name)));`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: project,
    env: { ...process.env, TMPDIR: to },
  });
}

function fontConfiguration(fonts: string): string {
  const prefer = (family: string) =>
    `<alias><family>${family}</family><prefer><family>Open Sans</family></prefer></alias>`;
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${fonts}-cache</cachedir>
  ${['sans-serif', 'system-ui', 'ui-sans-serif'].map(prefer).join('\n  ')}
</fontconfig>
`;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
