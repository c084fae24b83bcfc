import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reviewReport } from '../../lib/snapshot/review-report.ts';
import { githubStyle } from '../../lib/snapshot/review-style.ts';
import { soundTexts } from '../../lib/testing/builders.ts';
import { temporaryContentRoot, temporaryFolder } from '../../lib/testing/content-root.ts';
import { gitIn } from '../../lib/testing/git-repository.ts';
import type { Context } from './context.ts';
import { reviewChange } from './review-change.ts';

const path = 'incidents/2026-11-20-card-payments.md';
const sound = soundTexts[path];

function contextAt(root: string): Context {
  const now = new Date('2026-11-20T12:00:00Z');
  const how = { isRehearsal: true, format: 'text', debug: false, interactive: false, env: {} } as const;
  return { root, state: join(root, '.state'), now: () => now, ...how };
}

/** Changes the files of a root; `staged` where it changed what git has of them, and not the files. */
type Change = (root: string) => Promise<void> | 'staged' | undefined;

/** What a change to a committed page breaks: `file rule`, each once. */
async function broken(change: Change): Promise<string[]> {
  await using root = await temporaryContentRoot();
  gitIn(root.path, 'init', '-q');
  gitIn(root.path, 'add', '.');
  gitIn(root.path, 'commit', '-q', '-m', 'Begin');
  if ((await change(root.path)) !== 'staged') gitIn(root.path, 'add', '--all');
  gitIn(root.path, 'commit', '-q', '--allow-empty', '-m', 'Change');
  const { problems } = await reviewChange(contextAt(root.path), 'HEAD^1', undefined);
  return [...new Set(problems.map(({ file, rule }) => `${file} ${rule}`))];
}

function staged(root: string, ...args: readonly string[]): 'staged' {
  gitIn(root, 'update-index', ...args);
  return 'staged';
}

const write = (text: string) => (root: string) => writeFile(join(root, path), text);
const [beginning = '', second = '', ...rest] = sound.split(/(?=^## )/m);

test.each<[string, Change, string[]]>([
  ['nothing', () => undefined, []],
  [
    'renames',
    (root) => rename(join(root, path), join(root, 'incidents/2026-11-20-other.md')),
    [`${path} published-incident-removed`],
  ],
  ['deletes', (root) => rm(join(root, path)), [`${path} published-incident-removed`]],
  [
    'un-publishes',
    write(sound.replace('published: true', 'published: false')),
    [`${path} published-incident-withdrawn`],
  ],
  [
    'reorders',
    write([beginning, ...rest.slice(0, 1), second, ...rest.slice(1)].join('')),
    [`${path} first-state`, `${path} update-order`, `${path} state-backwards`],
  ],
  ['rewrites', write(sound.replace('We are looking', 'We were looking')), [`${path} published-update-changed`]],
  ['hides a letter', write(sound.replace('We are', 'We \u0007are')), [`${path} control-character`]],
  ['turns a line around', write(sound.replace('We are', '\u202EWe are')), [`${path} control-character`]],
])('a change that %s is told as what it is', async (_what, change, expected) => {
  const found = await broken(change);
  expect(found).toEqual(expect.arrayContaining(expected));
  expect(found.length === 0).toBe(expected.length === 0);
});

test.each<[string, Change, string]>([
  [
    'a link out of the folder',
    async (root) => {
      await symlink('/etc/passwd', join(root, 'incidents/2026-11-21-secrets.md'));
    },
    'incidents/2026-11-21-secrets.md symbolic-link',
  ],
  [
    'a link within it',
    async (root) => {
      await symlink('../status.config.yml', join(root, 'incidents/2026-11-21-settings.md'));
    },
    'incidents/2026-11-21-settings.md symbolic-link',
  ],
  [
    'a folder of content that is a link',
    async (root) => {
      await rename(join(root, 'components'), join(root, 'elsewhere'));
      await symlink('elsewhere', join(root, 'components'));
    },
    'components symbolic-link',
  ],
  [
    'a repository of somebody else',
    (root) => staged(root, '--add', '--cacheinfo', `160000,${'1'.repeat(40)},probes/theirs.yml`),
    'probes/theirs.yml submodule',
  ],
  ['a program', (root) => staged(root, '--chmod=+x', path), `${path} executable-file`],
  [
    'a name that turns around',
    async (root) => {
      await writeFile(join(root, 'incidents/2026-11-21-\u202Edm.exe.md'), sound);
    },
    'incidents/2026-11-21-\u202Edm.exe.md file-name',
  ],
])('%s is found', async (_what, change, expected) => expect(await broken(change)).toContain(expected));

test('five thousand incidents are reviewed, and the summary says how many it leaves out', async () => {
  await using before = await temporaryContentRoot();
  await using after = await temporaryFolder();
  await mkdir(join(after.path, 'incidents'));
  for (const [file, text] of Object.entries(soundTexts)) await after.write(file, text);
  for (let index = 0; index < 5000; index++) {
    await writeFile(join(after.path, `incidents/2026-11-20-many-${index}.md`), sound);
  }
  const facts = await reviewChange(contextAt(after.path), before.path, undefined);
  const report = reviewReport(facts, githubStyle);
  expect(facts.review?.incidents.length).toBe(5000);
  expect(report).toContain('\n\nAnd 4,960 incidents more.\n\n');
  expect(Buffer.byteLength(report)).toBeLessThan(1_000_000);
});
