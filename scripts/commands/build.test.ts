import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { filesBelow } from '../../lib/adapters/tree.ts';
import { jsonSchemaOf, publishedSchemas } from '../../lib/schema/json-schema.ts';
import { soundTexts } from '../../lib/testing/builders.ts';
import { candor } from '../../lib/testing/command-line.ts';
import { temporaryContentRoot, temporaryFolder } from '../../lib/testing/content-root.ts';

const incidentPath = 'incidents/2026-11-20-card-payments.md';
const now = ['--now', '2026-11-21T08:00:00Z'];

/** A draft of which no word may be found anywhere. */
const draft = {
  'incidents/2026-11-21-hushed-zebra.md': `---
title: Whispered quagga
published: false
impact: critical
components:
  payments: major_outage
state: investigating
started_at: 2026-11-21T07:00:00Z
---

## investigating 2026-11-21T07:10:00Z

Unspoken okapi.
`,
};

/** Every file of a folder, by its path. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const paths = await filesBelow(folder);
  const texts = await Promise.all(paths.map((path) => readFile(join(folder, path), 'latin1')));
  return Object.fromEntries(paths.map((path, index) => [path, texts[index] ?? '']));
}

test('a build holds every page and every JSON file, each as its schema says, and no byte of a draft', async () => {
  await using root = await temporaryContentRoot(draft);
  await using place = await temporaryFolder();
  const out = join(place.path, 'dist');
  const ended = await candor(['build', '--root', root.path, '--out', out, ...now], { fresh: true });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout).toMatch(/^6 pages, 0\.\d MB, in .+: \d+ files written in [\d.]+ s\.\n$/);

  const files = await contentsOf(out);
  const assets = /^(_astro|marks|schemas)\//;
  expect(Object.keys(files).filter((path) => !assets.test(path))).toEqual([
    '404.html',
    'api/v1/status/components.json',
    'api/v1/status/current.json',
    'api/v1/status/incidents.json',
    'api/v1/status/incidents/2026-11-20-card-payments.json',
    'api/v1/status/incidents/2026-11.json',
    'api/v1/status/uptime.json',
    'components/payments/index.html',
    'current.json',
    'history/2026-11/index.html',
    'history/index.html',
    'incidents/2026-11-20-card-payments/index.html',
    'index.html',
  ]);
  for (const [path, text] of Object.entries(files)) {
    if (assets.test(path)) continue;
    expect(text, path).not.toMatch(/hushed|zebra|whispered|quagga|unspoken|okapi/i);
  }
  expect(files['index.html']).toContain('Meadow Status');
  expect(files['incidents/2026-11-20-card-payments/index.html']).toContain('Payments are going through again');

  for (const [path, name] of Object.entries(schemaByPath)) {
    const published = publishedSchemas[name];
    if (published === undefined) throw new Error(`There is no schema ${name}.`);
    const value: unknown = JSON.parse(files[path] ?? '');
    expect(published.schema.parse(value), path).toEqual(value);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const validate = ajv.compile(jsonSchemaOf(name, published));
    expect([path, validate(value), validate.errors]).toEqual([path, true, null]);
  }
});

const schemaByPath = {
  'current.json': 'current',
  'api/v1/status/current.json': 'api-current',
  'api/v1/status/components.json': 'api-components',
  'api/v1/status/uptime.json': 'api-uptime',
  'api/v1/status/incidents.json': 'api-incidents',
  'api/v1/status/incidents/2026-11.json': 'api-month',
  'api/v1/status/incidents/2026-11-20-card-payments.json': 'api-incident',
} as const;

test('a build is the same each time, and on another day its archive is', async () => {
  await using root = await temporaryContentRoot();
  await using place = await temporaryFolder();
  const build = async (name: string, instant: string) => {
    const out = join(place.path, name);
    expect(await candor(['build', '--root', root.path, '--out', out, '--now', instant])).toMatchObject({ code: 0 });
    return contentsOf(out);
  };
  const one = await build('one', '2026-11-21T08:00:00Z');
  expect(await build('two', '2026-11-21T08:00:00Z')).toEqual(one);
  const later = await build('later', '2026-11-22T08:00:00Z');
  const changed = Object.keys(one).filter((path) => later[path] !== one[path]);
  expect(changed).toEqual([
    'api/v1/status/components.json',
    'api/v1/status/current.json',
    'api/v1/status/incidents.json',
    'api/v1/status/uptime.json',
    'components/payments/index.html',
    'current.json',
    'index.html',
  ]);
});

test('a page below a path links below that path', async () => {
  const config = soundTexts['status.config.yml'].replace('https://status.example.com', 'https://example.com/status');
  await using root = await temporaryContentRoot({ 'status.config.yml': config });
  await using place = await temporaryFolder();
  const out = join(place.path, 'dist');
  expect(await candor(['build', '--root', root.path, '--out', out, ...now])).toMatchObject({ code: 0 });
  const { 'index.html': front = '', 'current.json': current = '' } = await contentsOf(out);
  const links = [...front.matchAll(/ (?:href|src)="(\/[^"]*)"/g)].map(([, link]) => link ?? '');
  expect(links.length).toBeGreaterThan(3);
  expect(links.filter((link) => !link.startsWith('/status/'))).toEqual([]);
  expect(JSON.parse(current)).toMatchObject({ page: { url: 'https://example.com/status/' } });
});

test('an unpublished or deleted file leaves nothing behind in the next build', async () => {
  await using root = await temporaryContentRoot();
  await using place = await temporaryFolder();
  const out = join(place.path, 'dist');
  await candor(['build', '--root', root.path, '--out', out, ...now]);
  await root.write(incidentPath, soundTexts[incidentPath].replace('published: true', 'published: false'));
  const ended = await candor(['build', '--root', root.path, '--out', out, '--format', 'json', ...now]);
  expect(JSON.parse(ended.stdout)).toMatchObject({ built: true, pages: 4, removed: 4, problems: [] });
  expect(Object.keys(await contentsOf(out)).filter((path) => /2026/.test(path))).toEqual([]);
});

test('content that does not pass the check is not built: the problems are told, and nothing is written', async () => {
  await using root = await temporaryContentRoot({ 'components/payments.yml': 'name: Payments\ncolour: red\n' });
  await using place = await temporaryFolder();
  const out = join(place.path, 'dist');
  const ended = await candor(['build', '--root', root.path, '--out', out, ...now]);
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toContain('Nothing was written, because the content does not pass the check:');
  expect(ended.stderr).toContain('`colour` is not a key here.');
  const json = await candor(['build', '--root', root.path, '--out', out, '--format', 'json', ...now]);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({
    built: false,
    problems: [{ file: 'components/payments.yml', line: 2, rule: 'unknown-key' }],
  });
  expect(await filesBelow(place.path)).toEqual([]);
});

test('what rendering takes out anyway does not keep the page from visitors, and stays out of it', async () => {
  const text = soundTexts[incidentPath].replace(/\.\n/, ' at 10.0.0.1.\n');
  await using root = await temporaryContentRoot({ [incidentPath]: text });
  await using place = await temporaryFolder();
  const out = join(place.path, 'dist');
  const ended = await candor(['build', '--root', root.path, '--out', out, ...now]);
  expect(ended.code).toBe(0);
  expect(ended.stdout).toContain('1 error did not stop the page: see `candor check`.');
  const files = await contentsOf(out);
  expect(files['incidents/2026-11-20-card-payments/index.html']).toContain('[redacted]');
  expect(Object.keys(files).filter((path) => files[path]?.includes('10.0.0.1'))).toEqual([]);
  expect((await candor(['check', '--root', root.path, ...now])).code).toBe(1);
});

test('a folder that holds something else is not written to', async () => {
  await using root = await temporaryContentRoot();
  await using place = await temporaryFolder();
  await place.write('letters/love.txt', 'Dear');
  const out = join(place.path, 'letters');
  expect(await candor(['build', '--root', root.path, '--out', out, ...now])).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: ${out} is not empty and holds no page that candor built.\n  Name a folder of its own with --out; a new one is made. Or empty it yourself.\n`,
  });
  expect(await filesBelow(place.path)).toEqual(['letters/love.txt']);
  expect(await candor(['build', '--root', root.path, '--out', root.path, ...now])).toMatchObject({ code: 2 });
});
