import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/content-root.ts';
import { Failure } from '../failure.ts';
import { LockHeld, withLock } from './process-lock.ts';

const lockModule = new URL('./process-lock.ts', import.meta.url).href;

/** Another process that holds the lock until it is ended. */
async function holderOf(file: string): Promise<ChildProcess> {
  const program = `
    import { withLock } from ${JSON.stringify(lockModule)};
    await withLock(${JSON.stringify(file)}, async () => {
      process.stdout.write('held\\n');
      await new Promise((resolve) => setTimeout(resolve, 600_000));
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

test('what is done under one lock is done one after the other', async () => {
  await using root = await temporaryFolder();
  const file = join(root.path, 'lock');
  const steps: string[] = [];
  const turn = (name: string) =>
    withLock(file, async () => {
      steps.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      steps.push(`${name} ends`);
    });
  await Promise.all([turn('a'), turn('b'), turn('c')]);
  expect(steps.map((step) => step.split(' ')[1])).toEqual(['begins', 'ends', 'begins', 'ends', 'begins', 'ends']);
  expect(steps.filter((_, i) => i % 2 === 0).map((step) => step[0])).toEqual(
    steps.filter((_, i) => i % 2 === 1).map((step) => step[0]),
  );
});

test('a lock is given back when the work fails', async () => {
  await using root = await temporaryFolder();
  const file = join(root.path, 'lock');
  await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(file, async () => 'mine', 0)).toBe('mine');
});

test('who waits too long for another process is told which file it is', async () => {
  await using root = await temporaryFolder();
  const file = join(root.path, 'lock');
  const holder = await holderOf(file);
  const error: unknown = await withLock(file, async () => 'mine', 0).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(LockHeld);
  expect(error).toMatchObject({
    message: `Another process has held ${file} for 0 seconds.`,
    fix: 'Wait for it, or end it: the lock is free as soon as it has ended. The file itself may stay.',
  });
  holder.kill('SIGKILL');
  await once(holder, 'close');
});

test('a process that is killed gives its lock back at once', async () => {
  await using root = await temporaryFolder();
  const file = join(root.path, 'lock');
  const holder = await holderOf(file);
  holder.kill('SIGKILL');
  await once(holder, 'close');
  expect(await withLock(file, async () => 'mine', 0)).toBe('mine');
});

test('a file of another kind is not taken for a lock, nor changed', async () => {
  await using root = await temporaryFolder();
  await root.write('lock', 'something of somebody, and long enough to be looked at by a database '.repeat(20));
  const file = join(root.path, 'lock');
  const error: unknown = await withLock(file, async () => 'mine').catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Failure);
  expect(error).toMatchObject({
    message: `${file} should be an empty file, to take turns by, but holds something else.`,
    fix: 'Move that file away; the lock is an empty file of that name.',
  });
});

test('a folder that is not there cannot be locked in', async () => {
  await using root = await temporaryFolder();
  const file = join(root.path, 'missing', 'lock');
  await expect(withLock(file, async () => 'mine')).rejects.toThrow(
    `${file} cannot be locked, so the state was not touched.`,
  );
});
