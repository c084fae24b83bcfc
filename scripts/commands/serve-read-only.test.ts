import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { repository } from '../../lib/testing/command-line.ts';
import { temporaryFolder } from '../../lib/testing/content-root.ts';

const mayMount = spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status === 0;
const title = 'a page whose state lies on a disk that only reads is served, and says why nobody can subscribe';

test.skipIf(!mayMount)(mayMount ? title : `${title}: left out, this machine lets nobody mount`, async () => {
  await using folder = await temporaryFolder();
  const state = join(folder.path, '.state');
  await mkdir(state);
  await folder.write('page/index.html', '<!doctype html>the page');
  await folder.write('page/current.json', '{"page":{"url":"https://status.example.com/"}}');
  const candor = [process.execPath, join(repository, 'scripts', 'candor.ts')];
  const serve = ['serve', '--from', join(folder.path, 'page'), '--root', folder.path, '--port', '0'];
  const mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"';
  const child = spawn('unshare', ['--map-root-user', '--mount', 'sh', '-c', mount, state, ...candor, ...serve], {
    env: { ...process.env, CI: '1', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const [errors, lines] = [createInterface(child.stderr), createInterface(child.stdout)];
  const refused = once(errors, 'line');
  const [first] = await once(lines, 'line');
  const [, address = ''] = / is at (http:\S+)$/.exec(String(first)) ?? [];
  const [error] = await refused;
  expect(String(error)).toMatch(/^error: .*subscribers.*(?:read-only|EROFS)/);
  expect(await (await fetch(address)).text()).toContain('the page');
  const form = { method: 'POST', body: new URLSearchParams({ email: 'ada@example.com', _hp: '' }) };
  const answer = await fetch(`${address}api/v1/status/subscribe`, form);
  expect(answer.status).toBe(503);
  expect(await answer.text()).not.toContain(folder.path);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
