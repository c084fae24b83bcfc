import { expect, test } from 'vitest';
import { fileState } from '../../lib/adapters/state/file-state.ts';
import { temporaryFolder } from '../../lib/testing/content-root.ts';
import { siteKeyOf } from './site-key.ts';

test('the key is made once, is random, and stays', async () => {
  await using state = await temporaryFolder();
  await using other = await temporaryFolder();
  const store = fileState(state.path);
  const keys = await Promise.all([siteKeyOf(store), siteKeyOf(fileState(state.path))]);
  expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
  expect([keys[1], await siteKeyOf(store)]).toEqual([keys[0], keys[0]]);
  expect(await siteKeyOf(fileState(other.path))).not.toBe(keys[0]);
  expect((await store.read('published'))?.value).toEqual({ site_key: keys[0], targets: {} });
});
