import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyLog } from '../../policy/audit-chain.ts';
import { joinLogs } from '../../policy/audit-join.ts';
import { discardedFact } from '../../policy/state-history.ts';
import type { StateValue } from '../../schema/state.ts';
import { type Remote, temporaryRemote } from '../../testing/state-branch.ts';
import { factOf } from '../../testing/state-store-contract.ts';
import { wish } from '../../testing/subscription-builders.ts';
import { recordFacts } from '../audit-log.ts';
import { openSubscriptionStore } from '../subscriptions/open-subscription-store.ts';
import { fileState } from './file-state.ts';
import type { BranchAddress } from './git-branch.ts';
import { gitState } from './git-state.ts';
import type { StateStore } from './state-store.ts';
import { type Carried, pullState, pushState } from './sync-state.ts';

const now = new Date('2026-11-20T10:00:00Z');

/** A machine that measures: a folder of its own beside a clone of the same remote. */
interface Machine {
  readonly folder: string;
  readonly state: StateStore;
  readonly pull: () => Promise<Carried>;
  readonly push: () => Promise<Carried>;
}

function addressOf(remote: Remote): BranchAddress {
  return { repository: remote.clone, remote: 'origin', branch: 'candor-state', env: process.env };
}

function machine(remote: Remote, name: string): Machine {
  const folder = join(remote.clone, '..', name);
  const address = addressOf(remote);
  return {
    folder,
    state: fileState(folder),
    pull: () => pullState(folder, address, now),
    push: () => pushState(folder, address, now),
  };
}

/** What the content has told so far, by incident. */
function told(incidents: Record<string, number>): StateValue<'recorded'> {
  return { incidents, overrides: {}, told: 0, pending: [] };
}

async function tell({ state }: Machine, incidents: Record<string, number>): Promise<void> {
  await state.write('recorded', told(incidents), (await state.read('recorded'))?.version);
}

async function filesOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  return Object.fromEntries(await Promise.all(names.map(async (n) => [n, await readFile(join(folder, n), 'utf8')])));
}

const [first, second, third] = ['2026-11-20-first', '2026-11-20-second', '2026-11-20-third'];
const nothing = { probes: 'none', uptime: 'none', recorded: 'none', published: 'none', 'audit-head': 'none' };

test('what one machine pushes another pulls, byte for byte', async () => {
  await using remote = await temporaryRemote();
  const [a, b] = [machine(remote, 'a'), machine(remote, 'b')];
  await tell(a, { [first]: 1 });
  await recordFacts(a.state, [factOf(1)], now);
  const pushed = await a.push();
  expect(pushed).toEqual({
    place: 'branch candor-state of origin',
    commit: remote.git('bare', 'rev-parse', 'candor-state').trim(),
    changed: true,
    origins: { ...nothing, recorded: 'folder', 'audit-head': 'folder' },
    entries: 2,
    joined: 0,
  });
  const pulled = await b.pull();
  expect(pulled).toEqual({ ...pushed, origins: { ...nothing, recorded: 'branch', 'audit-head': 'branch' } });
  expect(await filesOf(b.folder)).toEqual(await filesOf(a.folder));
});

test('subscribers, their key and mails that were written down stay on the machine', async () => {
  await using remote = await temporaryRemote();
  const a = machine(remote, 'a');
  await tell(a, { [first]: 1 });
  const { store } = await openSubscriptionStore({ folder: join(a.folder, 'subscribers') });
  await store.subscribe(wish('ann'));
  await mkdir(join(a.folder, 'mail'));
  await writeFile(join(a.folder, 'mail', '1.eml'), 'To: ann@example.com');
  await a.push();
  await store.close();
  const carried = remote.git('bare', 'ls-tree', '-r', '--name-only', 'candor-state').trim().split('\n');
  expect(carried).toEqual(['recorded.json']);
});

test('a branch that is not there yet is an empty state', async () => {
  await using remote = await temporaryRemote();
  const a = machine(remote, 'a');
  expect(await a.pull()).toMatchObject({ commit: undefined, changed: false, origins: nothing });
  expect(await a.push()).toMatchObject({ commit: undefined, changed: false, origins: nothing });
});

test('a branch that was removed takes nothing from the folder, and the next push makes it again', async () => {
  await using remote = await temporaryRemote();
  const a = machine(remote, 'a');
  await tell(a, { [first]: 1 });
  await a.push();
  const before = await filesOf(a.folder);
  remote.git('bare', 'update-ref', '-d', 'refs/heads/candor-state');
  expect(await a.pull()).toMatchObject({ commit: undefined, changed: false });
  expect(await filesOf(a.folder)).toEqual(before);
  expect(await a.push()).toMatchObject({ changed: true, origins: { recorded: 'folder' } });
  expect(remote.bytes('recorded.json')?.toString()).toBe(before['recorded.json']);
});

test('pushing what is there already makes no commit', async () => {
  await using remote = await temporaryRemote();
  const a = machine(remote, 'a');
  await tell(a, { [first]: 1 });
  const { commit } = await a.push();
  expect(await a.push()).toMatchObject({ commit, changed: false, origins: { recorded: 'same' } });
});

test('what one side alone changed is taken from that side', async () => {
  await using remote = await temporaryRemote();
  const [a, b] = [machine(remote, 'a'), machine(remote, 'b')];
  await tell(a, { [first]: 1 });
  await a.push();
  await b.pull();
  await tell(b, { [first]: 2 });
  await b.push();
  await a.state.write('uptime', { components: [] }, undefined);
  expect(await a.push()).toMatchObject({ origins: { recorded: 'branch', uptime: 'folder' } });
  expect((await a.state.read('recorded'))?.value).toEqual(told({ [first]: 2 }));
  expect(remote.bytes('uptime.json')).toBeDefined();
});

test('what both changed is merged, and both know it afterwards', async () => {
  await using remote = await temporaryRemote();
  const [a, b] = [machine(remote, 'a'), machine(remote, 'b')];
  await tell(a, { [first]: 1 });
  await a.push();
  await b.pull();
  await tell(a, { [first]: 1, [second]: 1 });
  await tell(b, { [first]: 1, [third]: 1 });
  await a.push();
  expect(await b.push()).toMatchObject({ changed: true, origins: { recorded: 'merged' } });
  const all = told({ [first]: 1, [second]: 1, [third]: 1 });
  expect((await b.state.read('recorded'))?.value).toEqual(all);
  expect(await a.pull()).toMatchObject({ origins: { recorded: 'branch' } });
  expect((await a.state.read('recorded'))?.value).toEqual(all);
});

test('a pull leaves what was not pushed, and merges what both changed', async () => {
  await using remote = await temporaryRemote();
  const [a, b] = [machine(remote, 'a'), machine(remote, 'b')];
  await tell(a, { [first]: 1 });
  await a.push();
  await b.pull();
  await tell(b, { [first]: 1, [second]: 1 });
  expect(await b.pull()).toMatchObject({ changed: false, origins: { recorded: 'folder' } });
  await tell(a, { [first]: 2 });
  await a.push();
  expect(await b.pull()).toMatchObject({ changed: true, origins: { recorded: 'merged' } });
  expect((await b.state.read('recorded'))?.value).toEqual(told({ [first]: 2, [second]: 1 }));
});

test('audit entries that the branch lacks are chained anew after its own, each fact once', async () => {
  await using remote = await temporaryRemote();
  const [a, b] = [machine(remote, 'a'), machine(remote, 'b')];
  await recordFacts(a.state, [factOf('both')], now);
  await a.push();
  await b.pull();
  await recordFacts(a.state, [factOf('known to both'), factOf('of a')], new Date('2026-11-20T10:05:00Z'));
  await recordFacts(b.state, [factOf('of b'), factOf('known to both')], new Date('2026-11-20T10:06:00Z'));
  await a.push();
  expect(await b.push()).toMatchObject({ joined: 1, origins: { 'audit-head': 'merged' } });
  const log = await b.state.readLog();
  const entries = log
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  expect(entries.map(({ at, id }) => `${at} ${id}`)).toEqual([
    '2026-11-20T10:00:00.000Z test:both',
    '2026-11-20T10:05:00.000Z state.created:audit-head:1',
    '2026-11-20T10:05:00.000Z test:known to both',
    '2026-11-20T10:05:00.000Z test:of a',
    '2026-11-20T10:06:00.000Z test:of b',
  ]);
  const onBranch = gitState(addressOf(remote));
  expect(await onBranch.readLog()).toBe(log);
  expect(verifyLog(log, (await onBranch.read('audit-head'))?.value)).toEqual([]);
});

test.each(['before', 'after'])('a machine that was killed just %s its log was chained anew goes on', async (when) => {
  await using remote = await temporaryRemote();
  const [a, b] = [machine(remote, 'a'), machine(remote, 'b')];
  await recordFacts(a.state, [factOf('both')], now);
  const common = await a.state.read('audit-head');
  await a.push();
  await b.pull();
  await recordFacts(a.state, [factOf('of a')], now);
  await recordFacts(b.state, [factOf('of b')], now);
  const [ofA, ofB] = [await a.state.readLog(), await b.state.readLog()];
  await a.push();
  if (common !== undefined)
    await b.state.write('audit-head', common.value, (await b.state.read('audit-head'))?.version);
  if (when === 'after') await writeFile(join(b.folder, 'audit.jsonl'), joinLogs(ofB, ofA).text);
  await recordFacts(b.state, [factOf('later')], now);
  await b.push();
  const log = await b.state.readLog();
  expect(log.match(/test:[a-z ]+/g)).toEqual(['test:both', 'test:of a', 'test:of b', 'test:later']);
  expect(verifyLog(log, (await gitState(addressOf(remote)).read('audit-head'))?.value)).toEqual([]);
  expect(verifyLog(log, (await b.state.read('audit-head'))?.value)).toEqual([]);
});

test('machines that push at the same time lose nothing', async () => {
  await using remote = await temporaryRemote();
  const machines = ['a', 'b', 'c'].map((name) => machine(remote, name));
  for (const [i, one] of machines.entries()) {
    await tell(one, { [`2026-11-20-by-${i}`]: 1 });
    await recordFacts(one.state, [factOf(i)], now);
  }
  await Promise.all(machines.map((one) => one.push()));
  const onBranch = gitState(addressOf(remote));
  const everything = told({ '2026-11-20-by-0': 1, '2026-11-20-by-1': 1, '2026-11-20-by-2': 1 });
  expect((await onBranch.read('recorded'))?.value).toEqual(everything);
  const log = await onBranch.readLog();
  expect(log.match(/"id":"test:\d"/g)?.sort()).toEqual(['"id":"test:0"', '"id":"test:1"', '"id":"test:2"']);
  expect(verifyLog(log, (await onBranch.read('audit-head'))?.value)).toEqual([]);
  expect(remote.git('bare', 'rev-list', '--count', 'candor-state')).toBe('1\n');
});

test('a document that was discarded on one side is put aside on the other', async () => {
  await using remote = await temporaryRemote();
  const [a, b] = [machine(remote, 'a'), machine(remote, 'b')];
  await tell(a, { [first]: 1 });
  await a.push();
  await b.pull();
  const place = await a.state.setAside('recorded', now);
  await recordFacts(a.state, [discardedFact(await a.state.readLog(), 'recorded', 'Operator', place)], now);
  expect(await a.push()).toMatchObject({ origins: { recorded: 'gone' } });
  expect(await b.pull()).toMatchObject({ origins: { recorded: 'gone' } });
  expect(await b.state.read('recorded')).toBeUndefined();
  expect(await readdir(join(b.folder, 'set-aside'))).toEqual(['recorded-20261120T100000000Z.json']);
});

test('a document that one side lost, and nobody discarded, comes back from the other', async () => {
  await using remote = await temporaryRemote();
  const a = machine(remote, 'a');
  await tell(a, { [first]: 1 });
  await a.push();
  await rm(join(a.folder, 'recorded.json'));
  expect(await a.push()).toMatchObject({ changed: false, origins: { recorded: 'branch' } });
  expect((await a.state.read('recorded'))?.value).toEqual(told({ [first]: 1 }));
});

test('a document that the audit log knows comes back too, from either side', async () => {
  await using remote = await temporaryRemote();
  const a = machine(remote, 'a');
  await tell(a, { [first]: 1 });
  await recordFacts(a.state, [factOf(1)], now);
  await a.push();
  await rm(join(a.folder, 'recorded.json'));
  await expect(a.state.read('recorded')).rejects.toThrow('is gone, although the audit log says that it was created.');
  expect(await a.pull()).toMatchObject({ changed: true, origins: { recorded: 'branch' } });
  remote.put('recorded.json', undefined);
  expect(await a.push()).toMatchObject({ changed: true, origins: { recorded: 'folder' } });
  expect((await a.state.read('recorded'))?.value).toEqual(told({ [first]: 1 }));
});

test('a branch that was made anew takes nothing from who had pushed to the old one', async () => {
  await using remote = await temporaryRemote();
  const [a, b] = [machine(remote, 'a'), machine(remote, 'b')];
  await tell(a, { [first]: 1 });
  await tell(a, { [first]: 1, [second]: 1 });
  await a.state.write('uptime', { components: [] }, undefined);
  await a.push();
  remote.git('bare', 'update-ref', '-d', 'refs/heads/candor-state');
  await tell(b, { [third]: 1 });
  await b.push();
  expect(await a.pull()).toMatchObject({ origins: { recorded: 'merged', uptime: 'folder' } });
  expect((await a.state.read('recorded'))?.value).toEqual(told({ [first]: 1, [second]: 1, [third]: 1 }));
  expect((await a.state.read('uptime'))?.value).toEqual({ components: [] });
});

test('a document that cannot be read is neither pushed nor pulled', async () => {
  await using remote = await temporaryRemote();
  const a = machine(remote, 'a');
  await tell(a, { [first]: 1 });
  await a.push();
  const good = await readFile(join(a.folder, 'recorded.json'));
  await writeFile(join(a.folder, 'recorded.json'), '');
  await expect(a.push()).rejects.toThrow(`recorded.json of the state in ${a.folder} is empty. It was left as it is.`);
  expect(remote.bytes('recorded.json')).toEqual(good);
  await writeFile(join(a.folder, 'recorded.json'), good);
  remote.put('recorded.json', '{');
  await expect(a.pull()).rejects.toThrow(
    'recorded.json of the state in branch candor-state of origin is no whole JSON. It was left as it is.',
  );
  expect(await readFile(join(a.folder, 'recorded.json'))).toEqual(good);
});

test('logs that were both written to are not joined where one of them is damaged', async () => {
  await using remote = await temporaryRemote();
  const [a, b] = [machine(remote, 'a'), machine(remote, 'b')];
  await recordFacts(a.state, [factOf(1), factOf(2)], now);
  await a.push();
  await b.pull();
  await recordFacts(b.state, [factOf(3)], now);
  const log = (await a.state.readLog()).split('\n');
  remote.put('audit.jsonl', `${log[1]}\n`);
  await expect(b.push()).rejects.toThrow(
    'The audit log of the state in branch candor-state of origin is damaged, so nothing was carried.',
  );
});

test('what was set aside on the branch stays there', async () => {
  await using remote = await temporaryRemote();
  const a = machine(remote, 'a');
  remote.put('set-aside/probes-20261120T100000000Z.json', 'broken');
  await a.state.write('uptime', { components: [] }, undefined);
  await a.push();
  expect(remote.git('bare', 'ls-tree', '-r', '--name-only', 'candor-state')).toBe(
    'set-aside/probes-20261120T100000000Z.json\nuptime.json\n',
  );
});
