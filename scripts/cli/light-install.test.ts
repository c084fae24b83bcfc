import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { candor, repository } from '../../lib/testing/command-line.ts';
import { temporaryContentRoot } from '../../lib/testing/content-root.ts';
import { packagesBehind } from '../../lib/testing/runtime-imports.ts';

/** The commands of the scheduled jobs, which install without development and peer packages. */
const jobs = [
  ...['probe', 'state', 'expire', 'prune', 'cadence', 'audit', 'schedule', 'check'],
  ...['review', 'authorize', 'hooks', 'incident'],
];

const manifest: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(
  readFileSync(join(repository, 'package.json'), 'utf8'),
);

function missingFor(commands: readonly string[]): string[] {
  const list = join(repository, 'scripts', 'cli', 'commands.ts');
  const files = commands.map((name) => join(repository, 'scripts', 'commands', `${name}.ts`));
  // What is loaded where DATABASE_URL is set alone: who has a database installs its driver.
  const database = join(repository, 'lib', 'adapters', 'subscriptions', 'postgres', 'postgres-subscriptions.ts');
  const packages = packagesBehind([join(repository, 'scripts', 'launch.mjs'), list, ...files], [list, database]);
  return Array.from(packages, ([name, file]) => [name, relative(repository, file)] as const)
    .filter(([name]) => manifest['dependencies']?.[name] === undefined)
    .map(([name, file]) => `${name} in ${file}`)
    .sort();
}

test('the scheduled jobs load nothing that a light install leaves out', () => {
  expect(missingFor(jobs)).toEqual([]);
});

/** Makes Node refuse what a light install leaves out. */
const refusal = `import { registerHooks } from 'node:module';
const left = ${JSON.stringify(Object.keys(manifest['peerDependencies'] ?? {}))};
registerHooks({ resolve(name, context, next) {
  if (left.some((one) => name === one || name.startsWith(one + '/'))) throw new Error(name + ' is left out.');
  return next(name, context);
} });`;

test('nor does the job that brings current.json out, until somebody makes a page', async () => {
  await using root = await temporaryContentRoot();
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(refusal)}` };
  const args = ['--root', root.path, '--to', join(root.path, 'public')];
  expect(await candor(['publish', '--snapshot', ...args], { env })).toEqual({
    code: 3,
    stdout: '',
    stderr: expect.stringContaining(`No page is published in ${join(root.path, 'public')} yet.`),
  });
  expect((await candor(['publish', ...args], { env })).stderr).toContain('is left out.');
});

test('making a page does', () => {
  expect(missingFor(['build'])).toContain('tinypool in lib/adapters/render-pool.ts');
});
