import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { candor, type Ended } from '../../lib/testing/command-line.ts';
import { type TemporaryRoot, temporaryContentRoot } from '../../lib/testing/content-root.ts';

function override(root: TemporaryRoot, args: readonly string[]): Promise<Ended> {
  return candor(['override', ...args, ...at], { cwd: root.path });
}

const at = ['--now', '2026-11-21T08:00:00Z'];

function textOf(root: TemporaryRoot): Promise<string> {
  return readFile(join(root.path, 'components/payments.yml'), 'utf8');
}

const set = ['set', 'payments', '--status', 'under_maintenance', '--reason', 'Upgrade of the card terminals'];

const pinned = (until: string) => `name: Payments
override:
  status: under_maintenance
  reason: Upgrade of the card terminals
  set_at: 2026-11-21T08:00:00Z
  expires_at: ${until}
`;

test('a status is pinned for an hour and the pin is taken away', async () => {
  await using root = await temporaryContentRoot();
  expect(await override(root, set)).toEqual({
    code: 0,
    stderr: '',
    stdout: `Wrote components/payments.yml

  Payments: under maintenance until 2026-11-21 09:00 UTC
  Upgrade of the card terminals

When it is over earlier: candor override clear payments
`,
  });
  expect(await textOf(root)).toBe(pinned('2026-11-21T09:00:00Z'));
  expect(await candor(['override', 'clear', 'payments', ...at], { cwd: root.path, fresh: true })).toEqual({
    code: 0,
    stderr: '',
    stdout: 'Wrote components/payments.yml\n\n  Payments shows again what is known of it.\n',
  });
  expect(await textOf(root)).toBe('name: Payments\n');
});

test.each([
  ['--for', '90m', '2026-11-21T09:30:00Z'],
  ['--for', '1h30m', '2026-11-21T09:30:00Z'],
  ['--for', '24h', '2026-11-22T08:00:00Z'],
  ['--until', '2026-11-21T12:00:00+02:00', '2026-11-21T10:00:00Z'],
])('%s %s says how long', async (flag, value, until) => {
  await using root = await temporaryContentRoot();
  await override(root, [...set, flag, value]);
  expect(await textOf(root)).toBe(pinned(until));
});

test.each([
  ['longer than a day', '25h', 'An override holds for 24h at most.'],
  ['no time at all', '0m', 'Write it as 45m, 2h or 1h30m.'],
  ['no duration', 'soon', 'Write it as 45m, 2h or 1h30m.'],
])('--for refuses %s', async (_what, value, reason) => {
  await using root = await temporaryContentRoot();
  expect(await override(root, [...set, '--for', value])).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: option '--for <duration>' argument '${value}' is invalid. ${reason}\n`,
  });
});

test('--for and --until exclude each other', async () => {
  await using root = await temporaryContentRoot();
  expect(await override(root, [...set, '--for', '1h', '--until', '2026-11-21T10:00:00Z'])).toEqual({
    code: 2,
    stdout: '',
    stderr: "error: option '--for <duration>' cannot be used with option '--until <instant>'\n",
  });
});

test('an end that is more than a day away is not written', async () => {
  await using root = await temporaryContentRoot();
  expect(await override(root, [...set, '--until', '2026-11-22T08:00:01Z'])).toEqual({
    code: 1,
    stdout: '',
    stderr: `Nothing was written, because the page would have a problem:

components/payments.yml
  6:3  error    The override lasts longer than 24 hours. override-too-long
                → Write 2026-11-22T08:00:00Z at the latest, and set it again if need be.

1 error in 1 file.
`,
  });
  expect(await textOf(root)).toBe('name: Payments\n');
});

test('a reason is redacted before it is written', async () => {
  await using root = await temporaryContentRoot();
  const args = ['set', 'payments', '--status', 'under_maintenance', '--reason', 'Moving 10.0.0.1 to another rack'];
  expect((await override(root, args)).stderr).toBe('reason: an IP address was redacted.\n');
  expect(await textOf(root)).toContain('  reason: Moving [redacted] to another rack\n');
});

test('what is missing where nobody can be asked is named at once', async () => {
  await using root = await temporaryContentRoot();
  expect(await override(root, ['set'])).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error: COMPONENT, --status and --reason are missing.\n  Add what is missing, or leave out --yes at a terminal to be asked for it.\n',
  });
});

test('where nothing is pinned there is nothing to clear', async () => {
  await using root = await temporaryContentRoot();
  expect(await override(root, ['clear', 'payments'])).toEqual({
    code: 0,
    stderr: '',
    stdout: 'Payments has no override.\n',
  });
  expect((await override(root, ['clear'])).stderr).toBe(
    'error: No component has an override.\n  So there is nothing to clear.\n',
  );
});
