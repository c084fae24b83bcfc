import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow } from '../../lib/adapters/tree.ts';
import { soundTexts } from '../../lib/testing/builders.ts';
import { candor } from '../../lib/testing/command-line.ts';
import { temporaryContentRoot, temporaryFolder } from '../../lib/testing/content-root.ts';

const path = 'incidents/2026-11-20-card-payments.md';
const old = soundTexts[path].replaceAll('2026-11-20', '2025-03-01').replace('title: Card', 'title: Once card');

test('only the files that differ from the list of a published page are written, and the rest is named', async () => {
  await using root = await temporaryContentRoot({ 'incidents/2025-03-01-card-payments.md': old });
  await using place = await temporaryFolder();
  const site = join(place.path, 'site');
  const at = (now: string) => ['--root', root.path, '--now', now];
  expect(await candor(['publish', '--to', site, ...at('2026-11-21T08:00:00Z')])).toMatchObject({ code: 0, stderr: '' });
  const list = (await readdir(join(site, '.candor'))).find((name) => name.startsWith('files-')) ?? '';

  await root.write(path, soundTexts[path].replace('Card payments work again.', 'Card payments work again for all.'));
  const out = join(place.path, 'new');
  const since = ['--changed-since', join(site, '.candor', list)];
  const ended = await candor(['build', '--out', out, ...since, ...at('2026-11-21T09:00:00Z'), '--format', 'json']);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const written = [
    'api/v1/status/components.json',
    'api/v1/status/current.json',
    'api/v1/status/incidents.json',
    'api/v1/status/incidents/2026-11-20-card-payments.json',
    'api/v1/status/uptime.json',
    'components/payments/index.html',
    'current.json',
    'history/2026-11/index.html',
    'incidents/2026-11-20-card-payments/index.html',
    'index.html',
  ];
  expect(await filesBelow(out)).toEqual(written);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    built: true,
    pages: 6,
    written: written.length,
    gone: [],
    problems: [],
  });

  const whole = join(place.path, 'whole');
  await candor(['build', '--out', whole, ...at('2026-11-21T09:00:00Z')]);
  for (const file of written) expect(await readFile(join(out, file))).toEqual(await readFile(join(whole, file)));
});

test('a list that cannot be used is an error, and nothing is written', async () => {
  await using root = await temporaryContentRoot({ 'files.json': '{"format":1}' });
  const out = join(root.path, 'new');
  const build = (file: string) => candor(['build', '--root', root.path, '--out', out, '--changed-since', file]);
  const wrong = join(root.path, 'files.json');
  expect(await build(wrong)).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: ${wrong} is no list of published files.\n  Name the .candor/files-….json that .candor/head.json of the published page names.\n`,
  });
  expect(await build('missing.json')).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error: missing.json cannot be read.\n  Name a file with --changed-since, such as site/.candor/files-….json.\n',
  });
  expect(await filesBelow(out)).toEqual([]);
});
