import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordFacts } from '../../lib/adapters/audit-log.ts';
import { fileState } from '../../lib/adapters/state/file-state.ts';
import type { AuditFact } from '../../lib/schema/audit.ts';
import { candor, type Ended } from '../../lib/testing/command-line.ts';
import { type TemporaryRoot, temporaryFolder } from '../../lib/testing/content-root.ts';

function fact(id: string, fields: Partial<AuditFact> = {}): AuditFact {
  const subject = 'components/payments';
  return { id, action: 'component.changed', who: 'probes', subject, before: null, after: null, ...fields };
}

/** A root whose audit log tells of four facts. */
async function recorded(): Promise<TemporaryRoot & { log: string; head: string }> {
  const root = await temporaryFolder();
  const store = fileState(join(root.path, '.state'));
  const facts = [
    fact('one', { before: { status: 'operational' }, after: { status: 'major_outage', note: 'a b' } }),
    fact('two', { who: 'Zoë\u001b[31m' }),
    fact('three', { subject: 'incidents/2026-11-20-late' }),
    fact('four'),
  ];
  await recordFacts(store, facts, new Date('2026-11-20T10:00:00Z'));
  const log = await store.readLog();
  const [, head = ''] = /([0-9a-f]{64})"\}\n$/.exec(log) ?? [];
  return { ...root, log, head };
}

function audit(root: { path: string }, ...args: string[]): Promise<Ended> {
  return candor(['audit', ...args], { cwd: root.path });
}

const place = (root: { path: string }) => join(root.path, '.state');

test('a whole log: how many entries, and the hash of the newest', async () => {
  await using root = await recorded();
  expect(await candor(['audit', 'verify'], { cwd: root.path, fresh: true })).toEqual({
    code: 0,
    stderr: '',
    stdout: `The audit log in ${place(root)} is whole: 4 entries.\nEntry 4 has the hash ${root.head}\n`,
  });
  expect(JSON.parse((await audit(root, 'verify', '--format', 'json')).stdout)).toEqual({
    entries: 4,
    head: { seq: 4, hash: root.head },
    findings: [],
  });
});

test('no log yet', async () => {
  await using root = await temporaryFolder();
  expect(await audit(root, 'verify')).toEqual({
    code: 0,
    stderr: '',
    stdout: `The audit log in ${place(root)} has no entry yet.\n`,
  });
});

test('a changed entry and a log that is cut off', async () => {
  await using root = await recorded();
  const damaged = root.log.replace('"id":"two"', '"id":"new"').replace(/\{"seq":4.*\n/, '');
  await root.write('.state/audit.jsonl', damaged);
  expect(await audit(root, 'verify')).toEqual({
    code: 1,
    stderr: '',
    stdout: `The audit log in ${place(root)} is not whole:

  line 2: Entry 2 was changed: what it says does not belong to its hash.
  end: Entry 4 is missing: the log was cut off at its end.

docs/audit.md says what to do.
`,
  });
  expect(JSON.parse((await audit(root, 'verify', '--format', 'json')).stdout).findings).toEqual([
    { fault: 'changed', seq: 2, line: 2, message: 'Entry 2 was changed: what it says does not belong to its hash.' },
    { fault: 'cut-off', seq: 4, line: null, message: 'Entry 4 is missing: the log was cut off at its end.' },
  ]);
  expect((await audit(root, 'verify', '--format', 'github')).stdout).toBe(
    '::error title=audit log::Entry 2 was changed: what it says does not belong to its hash.\n' +
      '::error title=audit log::Entry 4 is missing: the log was cut off at its end.\n',
  );
});

test('bytes that are no text, and a log that is gone', async () => {
  await using root = await recorded();
  const path = join(root.path, '.state/audit.jsonl');
  const bytes = await readFile(path);
  bytes[root.log.indexOf('"three"') + 1] = 0xff;
  await writeFile(path, bytes);
  const { code, stdout } = await audit(root, 'verify');
  expect([code, stdout]).toEqual([1, expect.stringContaining('  line 3: Entry 3 was changed')]);
  await rm(path);
  const gone = await audit(root, 'verify');
  expect([gone.code, gone.stdout]).toEqual([
    1,
    expect.stringContaining('  end: The log is missing; it had 4 entries.'),
  ]);
});

test('a state that cannot be read is a failure', async () => {
  await using root = await recorded();
  await root.write('.state/audit-head.json', '');
  const { code, stdout, stderr } = await audit(root, 'verify');
  expect([code, stdout]).toEqual([3, '']);
  expect(stderr).toContain('audit-head.json');
});

test('entries are listed, all or some of them, and nothing in them can steer a terminal', async () => {
  await using root = await recorded();
  expect(
    (await audit(root, 'list')).stdout,
  ).toBe(`2026-11-20T10:00:00Z  component.changed  components/payments  by probes  status=operational -> note="a b", status=major_outage
2026-11-20T10:00:00Z  component.changed  components/payments  by Zoë<U+001B>[31m
2026-11-20T10:00:00Z  component.changed  incidents/2026-11-20-late  by probes
2026-11-20T10:00:00Z  component.changed  components/payments  by probes
`);
  const some = await audit(root, 'list', '--subject', 'incidents/2026-11-20-late', '--format', 'json');
  expect(JSON.parse(some.stdout)).toEqual([expect.objectContaining({ seq: 3, id: 'three' })]);
  expect((await audit(root, 'list', '--since', '2026-11-20T10:00:01Z')).stdout).toBe('');
  await root.write('.state/audit.jsonl', `${root.log}x\n`);
  expect(await audit(root, 'list')).toEqual({
    code: 3,
    stdout: '',
    stderr:
      'error: Line 5 of the audit log is no entry that this Candor understands.\n  `candor audit verify` says what is wrong with the log.\n',
  });
});
