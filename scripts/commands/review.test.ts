import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { soundTexts } from '../../lib/testing/builders.ts';
import { candor } from '../../lib/testing/command-line.ts';
import { temporaryContentRoot } from '../../lib/testing/content-root.ts';

const path = 'incidents/2026-11-20-card-payments.md';
const sound = soundTexts[path];
const now = ['--now', '2026-11-20T10:20:00Z'];
/** The incident as it was before its third update. */
const [begun = '', third = ''] = sound.replace('state: resolved', 'state: identified').split(/(?=## monitoring)/);

/** A repository that holds an incident as it began, and an old one. */
async function repository(changes: Parameters<typeof temporaryContentRoot>[0] = {}) {
  const root = await temporaryContentRoot({ [path]: begun, ...changes });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Operator', '-c', 'user.email=operator@example.com', ...args], {
      cwd: root.path,
      stdio: 'pipe',
    });
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'Begin');
  return Object.assign(root, { git });
}

const update = begun.replace('state: identified', 'state: monitoring') + third.split('## resolved')[0];

test('an update: its words, what it changes, who is told, and when the next is due', async () => {
  await using root = await repository();
  await root.write(path, update);
  await root.write(
    'counts.json',
    '{"generated_at":"2026-11-20T09:00:00Z","confirmed":30,"by_component":{"payments":12}}',
  );
  const args = ['review', '--base', 'HEAD', '--subscribers', 'counts.json', ...now];
  expect(await candor(args, { cwd: root.path, env: { CANDOR_REDACT_NAMES: 'Ada Lovelace' }, fresh: true })).toEqual({
    code: 0,
    stdout: `No problem
==========

The content keeps every rule.

What becomes public
===================

Card payments are failing for some merchants

Read by the public before; impact major, monitoring; https://status.example.com/incidents/2026-11-20-card-payments/

monitoring, 2026-11-20T10:05:00Z

  > Payments are going through again, slower than usual.

The next update is due at 2026-11-20T11:05:00Z.

Mail goes to subscribers of Payments (12). Of 30 subscribers in all, as counted at 2026-11-20T09:00:00Z.

Components

  Payments  partial outage  →  degraded performance

Components are shown here as incidents and overrides make them; what probes measure comes on top where it is worse.

What was redacted
=================

Nothing.
`,
    stderr: '',
  });
});

test('what is new to a page is told as the summary of a job, and problems are annotations', async () => {
  await using root = await repository();
  await root.write(path, update.replace('slower than usual', 'through 10.1.2.3'));
  const env = { GITHUB_STEP_SUMMARY: `${root.path}/summary.md` };
  const ended = await candor(['review', '--base', 'HEAD', '--format', 'github', ...now], { cwd: root.path, env });
  const annotation = `::error file=${path},line=21,col=43,title=redaction::The text holds an IP address, which must not be public. Take it out, or run \`candor redact --write ${path}\`, with --root if the check had it.\n`;
  expect(ended).toEqual({ code: 1, stdout: annotation, stderr: '' });
  const summary = await readFile(`${root.path}/summary.md`, 'utf8');
  expect(summary).not.toContain('10.1.2.3');
  expect(summary).toContain('<blockquote><p>Payments are going through again, through [redacted].</p></blockquote>');
  expect(summary).toContain(`
## What was redacted

| where | what |
| --- | --- |
| <code>${path}&#58;21</code> | an IP address |

The lines of <code>${path}</code> as they may stand; <code>candor redact --write ${path}</code> writes them.

Line 21:

<pre>Payments are going through again, through &#91;redacted&#93;.</pre>
`);
});

test('without counts the review says that the numbers are not known', async () => {
  await using root = await repository();
  await root.write(path, update);
  const { stdout } = await candor(['review', '--base', 'HEAD', ...now], { cwd: root.path });
  expect(stdout).toContain(
    'Mail goes to subscribers of Payments. How many they are is known to the endpoint alone, and not here.',
  );
});

test('a new description leaves the incidents as they are', async () => {
  await using root = await repository();
  const component = await readFile(`${root.path}/components/payments.yml`, 'utf8');
  await root.write(
    'components/payments.yml',
    `${component}description: Paying by card\n`.replace(/^description: (?!Paying).*\n/m, ''),
  );
  const { stdout } = await candor(['review', '--base', 'HEAD', '--format', 'json', ...now], { cwd: root.path });
  const texts = [{ of: 'payments', field: 'description', after: 'Paying by card' }];
  expect(JSON.parse(stdout).public).toEqual({ incidents: [], withdrawn: [], components: [], texts });
});

test('where nothing of this can be a page, nothing is said to become public', async () => {
  await using root = await repository();
  await root.write(path, update.replace('impact: major', 'impact: mayor'));
  const { code, stdout } = await candor(['review', '--base', 'HEAD', ...now], { cwd: root.path });
  expect(code).toBe(1);
  expect(stdout).toContain('Nothing: no page can be made of this. Correct the errors above first.');
});

test('a file that is no count of subscribers is a wrong argument', async () => {
  await using root = await repository();
  const args = ['review', '--base', 'HEAD', '--subscribers', 'status.config.yml', ...now];
  expect(await candor(args, { cwd: root.path })).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: --subscribers status.config.yml is not what \`candor subscribers counts\` writes.
  Give it that file, or leave the option out: the review then says that the numbers are not known.
`,
  });
});
