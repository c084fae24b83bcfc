import { copyFile, mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../testing/command-line.ts';
import { type TemporaryRoot, temporaryFolder } from '../testing/content-root.ts';
import { Failure } from './failure.ts';
import { compileSite } from './site-compiler.ts';

const page = { name: 'Meadow Status', url: 'https://status.example.com/', support_email: 'help@example.com' };
const notFound = { kind: 'not_found', page, asOf: '2026-11-20T10:07:00Z' } as const;

/** An engine with one template, and nothing compiled yet. */
async function smallEngine(template: string): Promise<TemporaryRoot> {
  const engine = await temporaryFolder();
  await engine.write('site/pages/404.astro', template);
  for (const name of ['astro.config.mjs', 'package.json', 'tsconfig.json', 'site/render.ts']) {
    await copyFile(join(repository, name), join(engine.path, name));
  }
  await mkdir(join(engine.path, 'lib'));
  await symlink(join(repository, 'node_modules'), join(engine.path, 'node_modules'));
  return engine;
}

const sound = '<a href={import.meta.env.BASE_URL}>{Astro.locals.page.page.name}</a>';

test('templates are compiled once, also where two want them at once, and anew when one of them changes', async () => {
  await using engine = await smallEngine(sound);
  const options = { engineDir: engine.path, cacheDir: join(engine.path, 'cache'), base: '/status/' };
  const [one, two] = await Promise.all([compileSite(options), compileSite(options)]);
  expect(one.folder).toBe(two.folder);
  expect(await one.render('/404.html', notFound)).toBe('<!DOCTYPE html><a href="/status/">Meadow Status</a>');
  const compiled = await stat(one.folder);
  const again = await compileSite(options);
  expect(again.folder).toBe(one.folder);
  expect((await stat(again.folder)).ctimeMs).toBe(compiled.ctimeMs);
  expect(await readdir(options.cacheDir)).toEqual([`site-${one.fingerprint}`]);
  const { handler } = await import(one.serverEntry);
  expect(typeof handler).toBe('function');

  await engine.write('site/pages/404.astro', '<p>Other</p>');
  const other = await compileSite(options);
  expect(other.fingerprint).not.toBe(one.fingerprint);
  expect(await other.render('/404.html', notFound)).toBe('<!DOCTYPE html><p>Other</p>');
});

test('templates that do not compile are a failure that carries the error of the template, and leave nothing behind', async () => {
  await using engine = await smallEngine("---\nimport { nothing } from './missing.ts';\n---\n{nothing}");
  const cacheDir = join(engine.path, 'cache');
  const failure = await compileSite({ engineDir: engine.path, cacheDir, base: '/' }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Failure);
  expect(String(failure)).toMatch(/^Failure: The templates of the page do not compile: .*missing\.ts/s);
  expect(await readdir(cacheDir)).toEqual([]);
});
