import { expect, test } from 'vitest';
import { coalesced } from './coalesced.ts';

test('what is asked for together is done once, with every reason', async () => {
  const done: (readonly string[])[] = [];
  const builds = coalesced(async (reasons) => void done.push(reasons), 1);
  builds.request('a.md');
  builds.request('b.md');
  builds.request('a.md');
  await builds.idle();
  expect(done).toEqual([['a.md', 'b.md']]);
});

test('what is asked for during the work is done once more after it, never beside it', async () => {
  const done: (readonly string[])[] = [];
  let under = 0;
  const builds = coalesced(async (reasons) => {
    under += 1;
    expect(under).toBe(1);
    if (done.length === 0) for (const name of ['b.md', 'c.md']) builds.request(name);
    await Promise.resolve();
    done.push(reasons);
    under -= 1;
  }, 1);
  builds.request('a.md');
  await builds.idle();
  expect(done).toEqual([['a.md'], ['b.md', 'c.md']]);
});

test('after a rest it works again', async () => {
  const done: (readonly string[])[] = [];
  const builds = coalesced(async (reasons) => void done.push(reasons), 1);
  builds.request('a.md');
  await builds.idle();
  builds.request('b.md');
  await builds.idle();
  expect(done).toEqual([['a.md'], ['b.md']]);
});
