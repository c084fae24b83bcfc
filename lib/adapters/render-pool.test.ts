import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { renderMarkdown } from '../content/render-markdown.ts';
import { compileRedactionRules } from '../policy/redaction.ts';
import { openRenderCache } from './render-cache.ts';
import { renderAll } from './render-pool.ts';

const rules = compileRedactionRules({ names: [], hosts: [], patterns: [] });
const stricter = compileRedactionRules({ names: ['Jane Doe'], hosts: [], patterns: [] });
const dirs: string[] = [];
afterAll(() => Promise.all(dirs.map((dir) => rm(dir, { recursive: true }))));
async function newDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'candor-render-'));
  dirs.push(dir);
  return dir;
}
const one = 'We are *looking* into it.';
const two = 'Seen on 10.0.0.1.';

async function cacheFile(dir: string): Promise<string> {
  const [name] = await readdir(dir);
  return join(dir, name ?? 'none');
}

test('every distinct update is rendered, with its findings', async () => {
  const rendered = await renderAll([one, two, one], rules, { cacheDir: undefined });
  expect(rendered).toEqual(
    new Map([
      [one, { html: '<p>We are <em>looking</em> into it.</p>', text: 'We are looking into it.', findings: [] }],
      [
        two,
        {
          html: '<p>Seen on [redacted].</p>',
          text: 'Seen on [redacted].',
          findings: [{ kind: 'ipv4', line: 1, column: 9 }],
        },
      ],
    ]),
  );
});

test('many updates are rendered by threads to the same, and progress reaches the end', async () => {
  const sources = Array.from({ length: 2500 }, (_, index) => `Update *${index}*`);
  const progress: string[] = [];
  const rendered = await renderAll(sources, rules, {
    mostHere: 1000,
    cacheDir: undefined,
    onProgress: (done, total) => progress.push(`${done}/${total}`),
  });
  expect(rendered).toEqual(new Map(sources.map((source) => [source, renderMarkdown(source, rules)])));
  expect([progress[0], progress.at(-1)]).toEqual(['0/2500', '2500/2500']);
});

test('what was rendered is kept in one file and read again', async () => {
  const dir = await newDir();
  const rendered = await renderAll([one, two], rules, { cacheDir: dir });
  expect(await readdir(dir)).toHaveLength(1);
  const cache = await openRenderCache(dir, rules);
  expect([cache.get(one), cache.get(two)]).toEqual([rendered.get(one), rendered.get(two)]);
  expect(await renderAll([one, two], rules, { cacheDir: dir })).toEqual(rendered);
});

test('other rules know nothing of what was kept', async () => {
  const dir = await newDir();
  await renderAll([one], rules, { cacheDir: dir });
  expect((await openRenderCache(dir, stricter)).get(one)).toBeUndefined();
});

test('what is no longer used is not kept', async () => {
  const dir = await newDir();
  await renderAll([one], rules, { cacheDir: dir });
  await renderAll([two], rules, { cacheDir: dir });
  const cache = await openRenderCache(dir, rules);
  expect([cache.get(one), cache.get(two)?.text]).toEqual([undefined, 'Seen on [redacted].']);
});

test.each([
  ['empty', () => ''],
  ['cut off', (file: string) => file.slice(0, -10)],
  ['changed', (file: string) => file.replace('looking', 'staring')],
  ['foreign', () => '{"a":1}'],
])('a file that is %s counts as none and is made anew', async (_, damage) => {
  const dir = await newDir();
  const rendered = await renderAll([one], rules, { cacheDir: dir });
  const path = await cacheFile(dir);
  await writeFile(path, damage(await readFile(path, 'utf8')));
  expect((await openRenderCache(dir, rules)).get(one)).toBeUndefined();
  expect(await renderAll([one], rules, { cacheDir: dir })).toEqual(rendered);
  expect((await openRenderCache(dir, rules)).get(one)).toEqual(rendered.get(one));
});

test('only the newest files stay', async () => {
  const dir = await newDir();
  for (const name of ['A B', 'C D', 'E F', 'G H', 'I J', 'K L']) {
    const other = compileRedactionRules({ names: [name], hosts: [], patterns: [] });
    await renderAll([one], other, { cacheDir: dir });
  }
  expect(await readdir(dir)).toHaveLength(4);
});
