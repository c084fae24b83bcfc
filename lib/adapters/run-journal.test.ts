import { readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JournalHead } from '../schema/run-journal.ts';
import { temporaryFolder } from '../testing/content-root.ts';
import { beginJournal, readLeftRun, removeJournal, setJournalAside } from './run-journal.ts';

const head: JournalHead = {
  format: 1,
  at: 1_795_252_800_000,
  interval_seconds: 300,
  asked: ['card-api', 'till-api', 'mail'].map((probe, site) => ({
    probe,
    component: 'payments',
    on_failure: 'major_outage',
    maintenance: false,
    site,
  })),
};

test('what was finished is known to the next run, and the rest is not', async () => {
  await using folder = await temporaryFolder();
  const state = join(folder.path, 'new', 'state');
  const journal = beginJournal(state, head);
  journal.finished(2, { kind: 'pass', latencyMs: 103.4 });
  journal.finished(0, { kind: 'fail', reason: 'unexpected_status' });
  journal.checked('ok');
  expect(readLeftRun(state)).toEqual({
    kind: 'run',
    head,
    samples: [{ kind: 'fail', reason: 'unexpected_status' }, undefined, { kind: 'pass', latencyMs: 103.4 }],
    connectivity: 'ok',
    damage: undefined,
  });
  journal.close();
  removeJournal(state);
  expect(readLeftRun(state)).toBeUndefined();
  removeJournal(state);
});

test('cut at any byte, it holds a beginning of what was finished, or says why it holds nothing', async () => {
  await using folder = await temporaryFolder();
  const journal = beginJournal(folder.path, head);
  const path = join(folder.path, 'run.jsonl');
  const headBytes = (await readFile(path)).length;
  journal.finished(0, { kind: 'pass', latencyMs: 1 });
  journal.finished(1, { kind: 'unmeasured', reason: 'missing_variable' });
  journal.close();
  const whole = (await readFile(path)).length;
  for (let length = whole; length >= 0; length--) {
    await truncate(path, length);
    const left = readLeftRun(folder.path);
    if (length < headBytes) expect(left).toEqual({ kind: 'unbegun' });
    else if (left?.kind === 'run') {
      const count = left.samples.filter((sample) => sample !== undefined).length;
      expect(left.samples.slice(0, count).includes(undefined)).toBe(false);
      const lines = (await readFile(path, 'utf8')).split('\n');
      expect({ count, damage: left.damage }).toEqual({
        count: lines.length - 2,
        damage: lines.at(-1) === '' ? undefined : '1 of its lines is torn',
      });
    } else expect.fail('a journal with its first line is readable');
  }
});

test.each([
  ['an empty file', '', 'unbegun'],
  ['another file', 'hello\n', 'foreign'],
  ['a newer format', `${JSON.stringify({ ...head, format: 2 })}\n`, 'foreign'],
])('%s is no journal', async (_what, text, kind) => {
  await using folder = await temporaryFolder();
  await folder.write('run.jsonl', text);
  expect(readLeftRun(folder.path)).toEqual({ kind });
});

test('a line that names no probe of the run is not believed', async () => {
  await using folder = await temporaryFolder();
  const line = JSON.stringify({ asked: 3, sample: { kind: 'pass', latencyMs: 1 } });
  await folder.write('run.jsonl', `${JSON.stringify(head)}\n${line}\nnull\n`);
  expect(readLeftRun(folder.path)).toMatchObject({
    samples: [undefined, undefined, undefined],
    damage: '2 of its lines are torn',
  });
});

test('what cannot be folded is kept beside', async () => {
  await using folder = await temporaryFolder();
  beginJournal(folder.path, head).close();
  setJournalAside(folder.path, new Date('2026-11-20T12:00:00Z'));
  expect(await readdir(folder.path)).toEqual(['run.set-aside-20261120T120000000Z.jsonl']);
});

test('a folder that cannot be written to is named', async () => {
  await using folder = await temporaryFolder();
  await folder.write('state', '');
  expect(() => beginJournal(join(folder.path, 'state'), head)).toThrow(
    /^Cannot write \S+run\.jsonl: (?:EEXIST|ENOTDIR)\.$/,
  );
});
