import { expect, test } from 'vitest';
import { candor, type Ended } from '../../lib/testing/command-line.ts';
import { type TemporaryRoot, temporaryContentRoot } from '../../lib/testing/content-root.ts';

/** An incident whose only update came at this time of 20 November 2026. */
function open(title: string, time: string, fields: { published?: boolean; state?: string } = {}): string {
  return `---
title: ${title}
published: ${fields.published ?? true}
impact: major
state: ${fields.state ?? 'investigating'}
started_at: 2026-11-20T05:00:00Z
---

## ${fields.state ?? 'investigating'} 2026-11-20T${time}:00Z

We are looking into it.
`;
}

async function page(): Promise<TemporaryRoot> {
  return temporaryContentRoot({
    'incidents/2026-11-20-late.md': open('Refunds take longer', '08:00'),
    'incidents/2026-11-20-later.md': open('Tills cannot start a sale', '06:29'),
    'incidents/2026-11-20-soon.md': open('Receipts arrive late', '08:40'),
    'incidents/2026-11-20-draft.md': open('Nobody sees this', '06:00', { published: false }),
  });
}

function cadence(root: TemporaryRoot, ...args: string[]): Promise<Ended> {
  return candor(['cadence', ...now, ...args], { cwd: root.path });
}

const now = ['--now', '2026-11-20T09:00:00Z'];

test('what is most urgent comes first, with what to type; drafts and resolved incidents owe nothing', async () => {
  await using root = await page();
  expect(await candor(['cadence', ...now], { cwd: root.path, fresh: true })).toEqual({
    code: 1,
    stderr: '',
    stdout: `OVERDUE by 2 h 1 min  Tills cannot start a sale
  investigating; last update 2026-11-20 06:29, next due 2026-11-20 06:59 UTC
  candor incident update 2026-11-20-later

OVERDUE by 30 min  Refunds take longer
  investigating; last update 2026-11-20 08:00, next due 2026-11-20 08:30 UTC
  candor incident update 2026-11-20-late

due in 10 min  Receipts arrive late
  investigating; last update 2026-11-20 08:40, next due 2026-11-20 09:10 UTC
  candor incident update 2026-11-20-soon
`,
  });
});

test('for programs', async () => {
  await using root = await page();
  const { code, stdout } = await cadence(root, '--format', 'json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual([
    {
      incident: '2026-11-20-later',
      title: 'Tills cannot start a sale',
      file: 'incidents/2026-11-20-later.md',
      line: 9,
      state: 'investigating',
      last_update_at: '2026-11-20T06:29:00Z',
      due_at: '2026-11-20T06:59:00Z',
      overdue: true,
      overdue_minutes: 121,
    },
    expect.objectContaining({ incident: '2026-11-20-late', overdue: true, overdue_minutes: 30 }),
    expect.objectContaining({ incident: '2026-11-20-soon', overdue: false, overdue_minutes: 0 }),
  ]);
});

test('for GitHub', async () => {
  await using root = await page();
  const { code, stdout } = await cadence(root, '--format', 'github');
  expect(code).toBe(1);
  expect(stdout.split('\n')[0]).toBe(
    '::error file=incidents/2026-11-20-later.md,line=9,col=1,title=update-overdue::The next update was due at 2026-11-20T06:59:00Z: OVERDUE by 2 h 1 min. Run `candor incident update 2026-11-20-later`, even if only to say that work goes on.',
  );
  expect(stdout.split('\n')[2]).toBe(
    '::warning file=incidents/2026-11-20-soon.md,line=9,col=1,title=update-due::The next update is due at 2026-11-20T09:10:00Z: due in 10 min. Run `candor incident update 2026-11-20-soon`, even if only to say that work goes on.',
  );
});

test('it ends with 0 where nothing is overdue', async () => {
  await using root = await temporaryContentRoot({
    'incidents/2026-11-20-soon.md': open('Receipts arrive late', '08:30'),
  });
  expect((await cadence(root)).code).toBe(0);
  await using quiet = await temporaryContentRoot();
  expect(await cadence(quiet)).toEqual({ code: 0, stderr: '', stdout: 'No update is owed: no incident is open.\n' });
});

test('an incident that cannot be read may be overdue: it is reported', async () => {
  const broken = open('Receipts arrive late', '08:40').replace('impact: major', 'impact: mayor');
  await using root = await temporaryContentRoot({ 'incidents/2026-11-20-soon.md': broken });
  expect(await cadence(root)).toEqual({
    code: 1,
    stderr: '',
    stdout: `These incidents cannot be read:

incidents/2026-11-20-soon.md
  4:9  error    \`impact\` is \`mayor\`, which is none of none, minor, major, critical. wrong-value
                → Did you mean \`major\`?

1 error in 1 file.
`,
  });
  const json = await cadence(root, '--format', 'json');
  expect([json.code, json.stdout]).toEqual([1, '[]\n']);
  expect(json.stderr).toContain('2026-11-20-soon.md');
});
