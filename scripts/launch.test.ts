import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../lib/testing/command-line.ts';
import { temporaryFolder } from '../lib/testing/content-root.ts';

const launcher = join(repository, 'scripts', 'launch.mjs');

/** A Node of this machine that is too old to run the command line, if there is one. */
const oldNode = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .find((path) => {
    const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
    return status === 0 && Number.parseInt(stdout.slice(1), 10) < 24;
  });

test('the launcher runs the command line', () => {
  expect(execFileSync(process.execPath, [launcher, '--version'], { encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test.skipIf(oldNode === undefined)('an older Node hands over arguments, exit code and signals', async () => {
  const old = oldNode ?? '';
  const wrong = spawnSync(old, [launcher, 'chekc'], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  expect({ code: wrong.status, stderr: wrong.stderr }).toEqual({
    code: 2,
    stderr: "error: unknown command 'chekc'\n  Did you mean check?\n",
  });
  await using folder = await temporaryFolder();
  await folder.write('index.html', '');
  const child = spawn(old, [launcher, 'serve', '--from', folder.path, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test.skipIf(oldNode === undefined)(
  'an older Node without the one that was to be installed says what to do',
  async () => {
    const old = oldNode ?? '';
    await using folder = await temporaryFolder();
    await cp(launcher, join(folder.path, 'scripts', 'launch.mjs'));
    const { status, stderr } = spawnSync(old, [join(folder.path, 'scripts', 'launch.mjs'), 'check'], {
      encoding: 'utf8',
    });
    expect({ status, stderr: stderr.replace(/v[\d.]+/, 'vX') }).toEqual({
      status: 3,
      stderr:
        'error: Candor needs Node 24; this is vX, and none is installed here.\n  Run npm ci in the folder of Candor.\n',
    });
  },
);

test('Candor does not run as a package of another project, and says how it does', async () => {
  await using folder = await temporaryFolder();
  const engine = join(folder.path, 'node_modules', 'candor');
  await cp(launcher, join(engine, 'scripts', 'launch.mjs'));
  const { status, stderr } = spawnSync(process.execPath, [join(engine, 'scripts', 'launch.mjs'), 'check'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({
    status: 3,
    stderr: `error: Candor lies in ${engine}; Node runs no TypeScript under node_modules.\n  Clone the repository of Candor, and name the folder of your content with --root.\n`,
  });
});
