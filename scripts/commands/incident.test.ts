import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { candor, type Ended, type Run } from '../../lib/testing/command-line.ts';
import { type TemporaryRoot, temporaryContentRoot } from '../../lib/testing/content-root.ts';

const id = '2026-11-21-tills-are-slow';
const path = `incidents/${id}.md`;

const draft = `---
# yaml-language-server: $schema=https://status.example.com/schemas/incident-front-matter.json
title: Tills are slow
published: false
impact: minor
components:
  payments: degraded_performance
state: investigating
started_at: 2026-11-21T08:00:00Z
---

## investigating 2026-11-21T08:00:00Z

We are looking into it.
`;

function published(state: string, ...updates: readonly string[]): string {
  return [
    draft.replace('published: false', 'published: true').replace('state: inv', `state: ${state}`.slice(0, 10)),
    ...updates,
  ]
    .join('\n')
    .replace(/^state: .*$/m, `state: ${state}`);
}

function incident(root: TemporaryRoot, now: string, args: readonly string[], run: Run = {}): Promise<Ended> {
  return candor(['incident', ...args, '--now', `2026-11-21T${now}Z`], { ...run, cwd: root.path });
}

function textOf(root: TemporaryRoot): Promise<string> {
  return readFile(join(root.path, path), 'utf8');
}

const newArgs = [
  'new',
  '--title',
  'Tills are slow',
  '--impact',
  'minor',
  '--component',
  'payments=degraded_performance',
];

test('an incident goes from a draft to its end, one command a step', async () => {
  await using root = await temporaryContentRoot();

  expect(
    await incident(root, '08:00:00', [...newArgs, '--message', 'We are looking into it.'], { fresh: true }),
  ).toEqual({
    code: 0,
    stderr: '',
    stdout: `Wrote ${path}

  Tills are slow
  minor, investigating, a draft that nobody sees yet
  Payments: degraded performance

Show it to the public: candor incident publish ${id}
`,
  });
  expect(await textOf(root)).toBe(draft);

  expect(await incident(root, '08:01:00', ['publish'])).toEqual({
    code: 0,
    stderr: '',
    stdout: `Published ${path}

  Tills are slow
  minor, investigating, published
  Payments: degraded performance

Next update due by 2026-11-21 08:30 UTC.
When there is news: candor incident update ${id}
`,
  });

  await incident(root, '08:10:00', ['update', '--state', 'identified', '--message', 'A card network is slow.']);
  const monitoring = ['update', id, '--state', 'monitoring', '--component', 'payments=operational', '--message', '-'];
  expect(
    await incident(root, '08:20:00', monitoring, {
      input: 'It is fast again.\r\n\r\nWe keep watching.\r\n',
    }),
  ).toEqual({
    code: 0,
    stderr: '',
    stdout: `Wrote ${path}

  Tills are slow
  minor, monitoring, published
  Payments: operational

Next update due by 2026-11-21 09:20 UTC.
When there is news: candor incident resolve ${id}
`,
  });

  const end = ['resolve', '--message', 'Tills are fast.', '--resolved-at', '2026-11-21T08:20:00Z'];
  expect(await incident(root, '08:30:00', end)).toEqual({
    code: 0,
    stderr: '',
    stdout: `Wrote ${path}

  Tills are slow
  minor, resolved, published

Commit the file to publish the change.
`,
  });
  expect(await textOf(root)).toBe(
    published(
      'resolved',
      '## identified 2026-11-21T08:10:00Z\n\nA card network is slow.\n',
      '## monitoring 2026-11-21T08:20:00Z payments=operational\n\nIt is fast again.\n\nWe keep watching.\n',
      '## resolved 2026-11-21T08:30:00Z\n\nTills are fast.\n',
    ).replace(
      'started_at: 2026-11-21T08:00:00Z',
      'started_at: 2026-11-21T08:00:00Z\nresolved_at: 2026-11-21T08:20:00Z',
    ),
  );
  expect(await candor(['check', '--root', root.path, '--now', '2026-11-21T08:30:00Z'])).toEqual({
    code: 0,
    stderr: '',
    stdout: 'No problem in 4 files.\n',
  });
});

test('what is missing where nobody can be asked is named at once', async () => {
  await using root = await temporaryContentRoot();
  expect(await incident(root, '08:00:00', ['new', '--impact', 'minor'])).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error: --title and --message are missing.\n  Add what is missing, or leave out --yes at a terminal to be asked for it.\n',
  });
  expect(await readdir(join(root.path, 'incidents'))).toEqual(['2026-11-20-card-payments.md']);
});

test('a second incident of the same day and title gets an id of its own', async () => {
  await using root = await temporaryContentRoot({ [path]: draft });
  const ended = await incident(root, '09:00:00', [...newArgs, '--message', 'Again.', '--publish', '--format', 'json']);
  expect(JSON.parse(ended.stdout)).toEqual({
    file: `incidents/${id}-2.md`,
    id: `${id}-2`,
    state: 'investigating',
    published: true,
    next_update_due_at: '2026-11-21T09:30:00Z',
  });
});

test('an id that is taken is not overwritten', async () => {
  await using root = await temporaryContentRoot({ [path]: draft });
  expect(await incident(root, '09:00:00', [...newArgs, '--message', 'Again.', '--id', id])).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: There is an incident ${id} already.\n  Choose another --id, or add to that one: candor incident update ${id}\n`,
  });
  expect(await textOf(root)).toBe(draft);
});

test('what must not be public is redacted, and the operator is told the kind and the place', async () => {
  await using root = await temporaryContentRoot();
  const args = ['new', '--title', 'Tills at 10.0.0.1 are slow', '--impact', 'minor', '--id', id];
  const ended = await incident(root, '08:00:00', [...args, '--message', 'We look.\n\nMail jo@corp.example for more.']);
  expect(ended.stderr).toBe('title: an IP address was redacted.\nmessage, line 3: an e-mail address was redacted.\n');
  const text = await textOf(root);
  expect(text).toContain('title: Tills at [redacted] are slow\n');
  expect(text).toContain('\nMail [redacted] for more.\n');
});

test.each([
  [
    'a state is not skipped',
    ['resolve', '--message', 'Done.'],
    `error: ${id} is investigating; before resolved the page must say identified and monitoring.
  candor incident update ${id} --state identified --message "..."
  candor incident update ${id} --state monitoring --message "..."
`,
  ],
  [
    'a component that is none is refused with the nearest',
    ['update', '--message', 'x', '--component', 'paymens=operational'],
    'error: There is no component paymens.\n  Did you mean payments?\n',
  ],
  [
    'a status that is none is refused with the nearest',
    ['update', '--message', 'x', '--component', 'payments=partial_outtage'],
    "error: option '--component <id=status>' argument 'payments=partial_outtage' is invalid. Did you mean partial_outage? A status is one of operational, degraded_performance, partial_outage, major_outage, under_maintenance.\n",
  ],
  [
    'an incident that is none is refused with the nearest',
    ['update', '2026-11-21-tills-are-slw', '--message', 'x'],
    `error: There is no incident 2026-11-21-tills-are-slw.\n  Did you mean ${id}?\n`,
  ],
  [
    'a resolved incident does not go on',
    ['update', '2026-11-20-card-payments', '--message', 'x'],
    'error: 2026-11-20-card-payments is resolved, and nothing follows that.\n  If the trouble is back, it is a new incident: candor incident new\n',
  ],
  [
    'an empty message is refused',
    ['update', '--message', ' '],
    'error: The message is empty.\n  Say what merchants notice and what is done.\n',
  ],
])('%s', async (_rule, args, stderr) => {
  await using root = await temporaryContentRoot({ [path]: published('investigating') });
  expect(await incident(root, '08:10:00', args)).toEqual({ code: 2, stdout: '', stderr });
  expect(await textOf(root)).toBe(published('investigating'));
});

test('a state does not go back', async () => {
  const identified = published('identified', '## identified 2026-11-21T08:10:00Z\n\nA card network is slow.\n');
  await using root = await temporaryContentRoot({ [path]: identified });
  expect(await incident(root, '08:20:00', ['update', '--state', 'investigating', '--message', 'x'])).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: ${id} is identified; it does not go back to investigating.\n  Leave out --state to stay identified, and say in the message what has changed.\n`,
  });
});

test('an edit that would bring an error is not made', async () => {
  await using root = await temporaryContentRoot({ [path]: draft });
  expect(await incident(root, '08:00:00', ['update', '--message', 'x'])).toEqual({
    code: 1,
    stdout: '',
    stderr: `Nothing was written, because the page would have a problem:

${path}
  16:1  error    The update is of the same instant as the one before it, 2026-11-21T08:00:00Z. update-order
                 → Put the updates oldest first, each at an instant of its own.

1 error in 1 file.
`,
  });
  expect(await textOf(root)).toBe(draft);
});

test('an error that was there before does not stop an update', async () => {
  const early = draft.replace('2026-11-21T08:00:00Z\n---', '2026-11-21T08:05:00Z\n---');
  await using root = await temporaryContentRoot({ [path]: early, 'components/worker.yml': 'name: order-service\n' });
  expect((await incident(root, '08:10:00', ['update', '--message', 'We go on.'])).code).toBe(0);
});

test('where several incidents are open, one must be named', async () => {
  const other = `incidents/2026-11-21-mail-is-late.md`;
  await using root = await temporaryContentRoot({
    [path]: draft,
    [other]: draft.replace('Tills are slow', 'Mail is late'),
  });
  expect(await incident(root, '08:10:00', ['update', '--message', 'x'])).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error: 2 incidents are open; say which.\n  2026-11-21-mail-is-late  Mail is late\n  2026-11-21-tills-are-slow  Tills are slow\n',
  });
});

test('updates at the same time wait for each other, and for the next second', async () => {
  const long = 'incidents/2025-11-21-tills-are-slow.md';
  await using root = await temporaryContentRoot({
    [long]: published('investigating').replaceAll('2026-11-21', '2025-11-21'),
  });
  const update = (n: number) => candor(['incident', 'update', '--message', `News ${n}.`], { cwd: root.path });
  const ended = await Promise.all([update(1), update(2)]);
  expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
    { code: 0, stderr: '' },
    { code: 0, stderr: '' },
  ]);
  const text = await readFile(join(root.path, long), 'utf8');
  expect(text.match(/^News \d\.$/gm)?.toSorted()).toEqual(['News 1.', 'News 2.']);
});

test('a folder without content is refused', async () => {
  await using root = await temporaryContentRoot();
  const ended = await candor(['incident', 'update', '--message', 'x', '--root', join(root.path, 'nowhere')]);
  expect(ended).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: ${root.path}/nowhere: The content folder does not exist or cannot be read.\n  Name an existing folder with --root.\n`,
  });
});
