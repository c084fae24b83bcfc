import { expect, test } from 'vitest';
import type { PublishClaim } from '../schema/publish.ts';
import { editionAt } from '../testing/small-site.ts';
import { publishMinutes } from './constants.ts';
import { type Found, presentFrom } from './publish-present.ts';
import type { PublishedList } from './published-list.ts';

const now = new Date('2026-11-21T09:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();

/** A list of files, all with the same hash and generation 1; those retired have generation 2. */
function listOf(paths: readonly string[], retired: readonly string[] = []): PublishedList {
  return {
    site: '',
    files: new Map(paths.map((path) => [path, { hash: 'listed', generation: '1' }])),
    retired: new Map(retired.map((path) => [path, { generation: '2', at: minutesAgo(10) }])),
    incidents: [],
  };
}

const claim = (id: string, minutes: number, paths: readonly string[]): PublishClaim => ({
  id,
  edition: editionAt(0),
  at: minutesAgo(minutes),
  paths: [...paths],
});
const killed = publishMinutes + 1;

/** What is ours where the target has these generations. */
function publishedOf(found: Pick<Found, 'list' | 'claims'>, generations: Readonly<Record<string, string>>) {
  const listing = new Map(
    Object.entries(generations).map(([path, generation]) => {
      return [path, { generation, hash: 'found', edition: editionAt(0) }] as const;
    }),
  );
  const all = { ...found, listPath: undefined, ownId: 'own', listing };
  return presentFrom(all, { files: new Map(), edition: editionAt(5), adopt: false, now }).published;
}

test('what a publisher that is at work has not written yet, it may still write', () => {
  const found = { list: listOf(['a.html', 'b.html']), claims: [claim('other', 1, ['a.html', 'b.html', 'new.html'])] };
  expect(publishedOf(found, { 'a.html': '1', 'b.html': '7' }).uncertain).toEqual(new Set(['a.html', 'new.html']));
});

test('what comes back and still waits to be deleted has not been written', () => {
  const found = { list: listOf([], ['a.json', 'b.json']), claims: [claim('other', 1, ['a.json', 'b.json'])] };
  expect(publishedOf(found, { 'a.json': '2', 'b.json': '7' }).uncertain).toEqual(new Set(['a.json']));
});

test('what several claim, any of them may have written, also one that was killed', () => {
  const both = [claim('killed', killed, ['a.html', 'b.html']), claim('other', 1, ['a.html', 'c.html'])];
  const found = { list: listOf(['a.html', 'b.html', 'c.html']), claims: both };
  expect(publishedOf(found, { 'a.html': '7', 'b.html': '7', 'c.html': '7' }).uncertain).toEqual(new Set(['a.html']));
});

test('what was killed and what we claimed ourselves leaves nothing uncertain', () => {
  const found = {
    list: listOf(['a.html']),
    claims: [claim('killed', killed, ['a.html']), claim('own', 1, ['a.html'])],
  };
  expect(publishedOf(found, { 'a.html': '1' }).uncertain).toEqual(new Set());
});

test('what is there and in no finished edition is unfinished', () => {
  const found = { list: listOf(['a.html']), claims: [claim('other', 1, ['a.html', 'new.html'])] };
  const { files, unfinished } = publishedOf(found, { 'a.html': '7', 'new.html': '8' });
  expect([[...files.keys()], unfinished]).toEqual([['a.html', 'new.html'], new Set(['new.html'])]);
});
