import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileState } from '../../lib/adapters/state/file-state.ts';
import { temporaryContentRoot } from '../../lib/testing/content-root.ts';
import { type LoopPart, loopProbes } from './probe-loop.ts';

/** What a loop does until it has paused this often, in order; nobody waits, and each run takes three seconds. */
async function loopOf(root: string, pauses: number, part: Partial<LoopPart> = {}): Promise<string[]> {
  const done: string[] = [];
  const stop = new AbortController();
  const folder = join(root, '.state');
  let elapsedMs = 0;
  await loopProbes(
    {
      root,
      store: fileState(folder),
      journalFolder: folder,
      env: {},
      clock: () => new Date('2026-11-20T12:00:00Z'),
      intervalSeconds: 100,
      signal: stop.signal,
    },
    {
      ran: () => {
        done.push('ran');
        elapsedMs += 3000;
      },
      prune: async () => void done.push('pruned'),
      failed: (error) => void done.push(error instanceof Error ? error.message : 'failed'),
      random: () => 0.5,
      pause: async (ms) => {
        done.push(`paused ${ms / 1000} s`);
        elapsedMs += ms;
        if (done.filter((what) => what.startsWith('paused')).length === pauses) stop.abort();
      },
      monotonicMs: () => elapsedMs,
      ...part,
    },
  );
  return done;
}

test('the first run comes at once, the next after an interval or a little sooner, and pruning once an hour', async () => {
  await using root = await temporaryContentRoot();
  expect(await loopOf(root.path, 2)).toEqual(['ran', 'pruned', 'paused 94.5 s', 'ran', 'paused 94.5 s']);
});

test('a run never comes later than its interval, and at most a twentieth sooner', async () => {
  await using root = await temporaryContentRoot();
  const pauses = async (random: () => number) => (await loopOf(root.path, 1, { random })).at(-1);
  expect([await pauses(() => 0), await pauses(() => 1)]).toEqual(['paused 97 s', 'paused 92 s']);
});

test('a loop goes on after a run, a report or a pruning that fails', async () => {
  await using root = await temporaryContentRoot({ 'status.config.yml': 'nmae: Meadow\n' });
  const prune = async () => {
    throw new Error('The disk is full.');
  };
  expect(await loopOf(root.path, 2, { prune })).toEqual([
    'No probe was asked:',
    'The disk is full.',
    'paused 97.5 s',
    'No probe was asked:',
    'paused 97.5 s',
  ]);
});

test('a loop that is stopped ends without waiting for its next run', async () => {
  await using root = await temporaryContentRoot();
  const stop = new AbortController();
  const folder = join(root.path, '.state');
  const ran: string[] = [];
  const ended = loopProbes(
    {
      root: root.path,
      store: fileState(folder),
      journalFolder: folder,
      env: {},
      clock: () => new Date('2026-11-20T12:00:00Z'),
      signal: stop.signal,
    },
    { ran: () => void ran.push('ran'), prune: async () => stop.abort(), failed: () => ran.push('failed') },
  );
  await ended;
  expect(ran).toEqual(['ran']);
});
