import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../../lib/testing/command-line.ts';
import { packagesBehind } from '../../lib/testing/runtime-imports.ts';

/** The commands of the scheduled jobs, which install without development and optional packages. */
const jobs = ['probe', 'state', 'expire', 'prune', 'cadence', 'audit', 'schedule'];

const manifest: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(
  readFileSync(join(repository, 'package.json'), 'utf8'),
);

function missingFor(commands: readonly string[]): string[] {
  const list = join(repository, 'scripts', 'cli', 'commands.ts');
  const files = commands.map((name) => join(repository, 'scripts', 'commands', `${name}.ts`));
  const packages = packagesBehind([join(repository, 'scripts', 'launch.mjs'), list, ...files], [list]);
  return Array.from(packages, ([name, file]) => [name, relative(repository, file)] as const)
    .filter(([name]) => manifest['dependencies']?.[name] === undefined)
    .map(([name, file]) => `${name} in ${file}`)
    .sort();
}

test('the scheduled jobs load nothing that a light install leaves out', () => {
  expect(missingFor(jobs)).toEqual([]);
});

test('making a page does', () => {
  expect(missingFor(['build'])).toContain('tinypool in lib/adapters/render-pool.ts');
});
