import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { candor } from '../../lib/testing/command-line.ts';
import { temporaryContentRoot } from '../../lib/testing/content-root.ts';

const reason = 'Upgrade of the card terminals';
const pin = ['override', 'set', 'payments', '--status', 'under_maintenance', '--reason', reason, '--for', '1h'];

/** A day of commands, each at its time. */
const day: readonly (readonly [string, readonly string[]])[] = [
  ['08:00', ['expire']],
  ['08:01', pin],
  ['08:02', ['probe']],
  [
    '08:03',
    [
      'incident',
      'new',
      '--title',
      'Refunds take longer',
      '--impact',
      'minor',
      '--message',
      'We look.',
      '--publish',
      '--yes',
    ],
  ],
  ['08:04', ['expire']],
  ['08:05', ['prune']],
  ['08:06', ['override', 'clear', 'payments']],
  ['08:07', ['expire']],
  ['08:08', pin],
  ['08:09', ['expire']],
  ['09:30', ['expire', '--format', 'json']],
  ['09:31', ['cadence']],
  ['07:00', ['prune', '--future']],
  ['09:32', ['state', 'discard', 'recorded', '--yes']],
  ['09:33', ['expire']],
  ['09:34', ['audit', 'list']],
  ['09:35', ['check']],
];

test('whatever command runs, the audit log begins with all that it said before, and is whole', async () => {
  await using root = await temporaryContentRoot();
  const path = join(root.path, '.state', 'audit.jsonl');
  let before = '';
  const grew: string[] = [];
  for (const [time, args] of day) {
    const ended = await candor([...args, '--now', `2026-11-21T${time}:00Z`], { cwd: root.path });
    expect([0, 1], `${args.join(' ')}: ${ended.stderr}`).toContain(ended.code);
    const after = await readFile(path, 'utf8').catch(() => '');
    expect(after.slice(0, before.length), args.join(' ')).toBe(before);
    if (after.length > before.length) grew.push(`${time} ${args[0]}`);
    before = after;
  }
  expect(grew).toContain('09:30 expire');
  const list = await candor(['audit', 'list', '--subject', 'components/payments'], { cwd: root.path });
  expect(
    list.stdout
      .split('\n')
      .map((line) => line.split('  ')[1])
      .slice(0, 4),
  ).toEqual(['override.set', 'override.cleared', 'override.set', 'override.expired']);
  expect((await candor(['audit', 'verify'], { cwd: root.path })).code).toBe(0);
});

test('a log that somebody removed is not begun anew in silence', async () => {
  await using root = await temporaryContentRoot();
  await candor(['expire', '--now', '2026-11-21T08:00:00Z'], { cwd: root.path });
  await rm(join(root.path, '.state', 'audit.jsonl'));
  await root.write(
    'components/payments.yml',
    `name: Payments\noverride:\n  status: under_maintenance\n  reason: ${reason}\n  set_at: 2026-11-21T08:00:00Z\n  expires_at: 2026-11-21T09:00:00Z\n`,
  );
  const ended = await candor(['expire', '--now', '2026-11-21T10:00:00Z'], { cwd: root.path });
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({
    code: 3,
    stderr: `error: The audit log in ${join(root.path, '.state')} is damaged, so nothing was written to it. The log is missing; it had 6 entries.
  \`candor audit verify\` says everything that is wrong; docs/audit.md says how to repair it.
`,
  });
  expect(await readFile(join(root.path, 'components/payments.yml'), 'utf8')).toContain('override:');
});
