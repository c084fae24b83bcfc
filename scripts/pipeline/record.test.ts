import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { git } from '../../lib/adapters/git.ts';
import { fileState } from '../../lib/adapters/state/file-state.ts';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import type { Content } from '../../lib/content/content.ts';
import { verifyLog } from '../../lib/policy/audit-chain.ts';
import { AuditEntry } from '../../lib/schema/audit.ts';
import { component, content, incident, override } from '../../lib/testing/builders.ts';
import { temporaryFolder } from '../../lib/testing/content-root.ts';
import { recordContent } from './record.ts';
import { machineUser } from './writers.ts';

const now = new Date('2026-11-20T08:30:00Z');

async function entriesOf(store: StateStore): Promise<AuditEntry[]> {
  const lines = (await store.readLog()).split('\n').slice(0, -1);
  const entries = lines.map((line) => AuditEntry.parse(JSON.parse(line)));
  return entries.filter(({ action }) => action !== 'state.created');
}

const pinned = content({
  components: [component({ override: override() })],
  incidents: [incident({ updates: [{}] })],
});

test('what people wrote is told once', async () => {
  await using root = await temporaryFolder();
  const store = fileState(join(root.path, 'state'));
  const place = { root: root.path, env: {} };
  expect(await recordContent(store, pinned, place, now)).toBe(3);
  expect(await recordContent(store, pinned, place, now)).toBe(0);
  expect((await entriesOf(store)).map(({ id, who }) => [id, who])).toEqual([
    ['incident.published 2026-11-20-card-payments', machineUser({})],
    ['update.published 2026-11-20-card-payments 2026-11-20T09:12:00.000Z', machineUser({})],
    ['override.set payments 2026-11-20T08:00:00.000Z 1', machineUser({})],
  ]);
});

test('nothing to tell leaves no trace', async () => {
  await using root = await temporaryFolder();
  const store = fileState(join(root.path, 'state'));
  expect(await recordContent(store, content(), { root: root.path, env: {} }, now)).toBe(0);
  expect(await store.read('recorded')).toBeUndefined();
});

test('who wrote it is whom git names; beyond the end of a shallow clone nobody is named', async () => {
  await using root = await temporaryFolder();
  await git(root.path, ['init', '--quiet']);
  await root.write('components/payments.yml', 'name: Payments\n');
  await git(root.path, ['add', '--all']);
  const commit = ['commit', '--quiet', '--message=x'];
  await git(root.path, ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...commit]);
  await using clone = await temporaryFolder();
  await root.write('README.md', 'x');
  await git(root.path, ['add', '--all']);
  await git(root.path, ['-c', 'user.name=Bob', '-c', 'user.email=bob@example.com', ...commit]);
  await git(clone.path, ['clone', '--quiet', '--depth=1', `file://${root.path}`, '.']);
  const onlyOverride = { ...pinned, incidents: [] };
  const whoIn = async (folder: string, env: Record<string, string>) => {
    await using state = await temporaryFolder();
    await recordContent(fileState(state.path), onlyOverride, { root: folder, env }, now);
    return (await entriesOf(fileState(state.path))).map(({ who }) => who);
  };
  expect(await whoIn(root.path, { GITHUB_ACTOR: 'octocat' })).toEqual(['Ada <ada@example.com>']);
  expect(await whoIn(clone.path, { GITHUB_ACTOR: 'octocat' })).toEqual(['unknown; octocat started the run']);
  expect(await whoIn(clone.path, {})).toEqual(['unknown']);
});

test('what must not be public does not come into the log with the reason of an override', async () => {
  await using root = await temporaryFolder();
  const store = fileState(join(root.path, 'state'));
  const told = content({ components: [component({ override: override({ reason: 'Ada moves 10.0.0.1 elsewhere' }) })] });
  await recordContent(store, told, { root: root.path, env: { CANDOR_REDACT_NAMES: 'Ada' } }, now);
  expect((await entriesOf(store)).map(({ after }) => after?.['reason'])).toEqual([
    '[redacted] moves [redacted] elsewhere',
  ]);
  expect(JSON.stringify((await store.read('recorded'))?.value)).not.toContain('10.0.0.1');
});

test('an override of a component whose file is there and cannot be read is not said to be gone', async () => {
  await using root = await temporaryFolder();
  const store = fileState(join(root.path, 'state'));
  const place = { root: root.path, env: {} };
  await recordContent(store, pinned, place, now);
  await root.write('components/payments.yml', 'nmae: Payments\n');
  expect(await recordContent(store, content({ components: [] }), place, now)).toBe(0);
});

describe('whoever is killed, everything is told, and once', () => {
  /** The content as it changes; between two steps a process may be killed. */
  const story: readonly (readonly [Content, string])[] = [
    [pinned, '08:30'],
    [content(), '08:40'],
    [pinned, '08:50'],
    [content({ components: [component({ override: override({ setAt: '2026-11-20T08:55:00Z' }) })] }), '08:56'],
    [content(), '09:30'],
  ];

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])('at the operation %i of each run', async (at) => {
    await using root = await temporaryFolder();
    const place = { root: root.path, env: {} };
    const store = fileState(join(root.path, 'state'));
    for (const [told, time] of story) {
      const then = new Date(`2026-11-20T${time}:00Z`);
      await recordContent(dyingAt(store, at), told, place, then).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      // Where it was killed before it found anything, nobody can know; else the next one tells it, even of other content.
      if (at < 2) await recordContent(store, told, place, then);
    }
    const [last] = story.slice(-1);
    if (last !== undefined) await recordContent(store, last[0], place, new Date('2026-11-20T10:00:00Z'));
    expect((await entriesOf(store)).map(({ id }) => id)).toEqual([
      'incident.published 2026-11-20-card-payments',
      'update.published 2026-11-20-card-payments 2026-11-20T09:12:00.000Z',
      'override.set payments 2026-11-20T08:00:00.000Z 1',
      'override.cleared payments 2026-11-20T08:00:00.000Z 2',
      'override.set payments 2026-11-20T08:00:00.000Z 3',
      'override.set payments 2026-11-20T08:55:00.000Z 4',
      'override.expired payments 2026-11-20T08:55:00.000Z 5',
    ]);
    expect(verifyLog(await store.readLog(), (await store.read('audit-head'))?.value)).toEqual([]);
  });

  test('several that find the same at the same time', async () => {
    await using root = await temporaryFolder();
    const store = fileState(join(root.path, 'state'));
    const place = { root: root.path, env: {} };
    const counts = await Promise.all([1, 2, 3, 4].map(() => recordContent(store, pinned, place, now)));
    expect(counts.reduce((sum, count) => sum + count)).toBe(3);
    expect(await entriesOf(store)).toHaveLength(3);
  });
});

class Killed extends Error {}

/** A store whose user is killed after so many operations. */
function dyingAt(store: StateStore, operations: number): StateStore {
  let left = operations;
  const step = () => {
    if (left-- <= 0) throw new Killed();
  };
  return {
    place: store.place,
    read: async (name) => {
      step();
      return store.read(name);
    },
    write: async (name, value, version) => {
      step();
      return store.write(name, value, version);
    },
    readLog: async () => {
      step();
      return store.readLog();
    },
    appendLog: async (lines) => {
      step();
      return store.appendLog(lines);
    },
    setAside: (name, at) => store.setAside(name, at),
    keepAside: (label, text, at) => store.keepAside(label, text, at),
  };
}
