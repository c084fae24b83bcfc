import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { filesBelow } from '../../lib/adapters/tree.ts';
import { candor } from '../../lib/testing/command-line.ts';
import { type TemporaryRoot, temporaryContentRoot, temporaryFolder } from '../../lib/testing/content-root.ts';

const now = ['--now', '2026-11-21T08:00:00Z'];
const later = ['--now', '2026-11-21T08:10:00Z'];

/** Every file below a folder but those of publishers, by path. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const paths = (await filesBelow(folder)).filter((path) => !path.startsWith('.candor/'));
  const texts = await Promise.all(paths.map((path) => readFile(join(folder, path), 'latin1')));
  return Object.fromEntries(paths.map((path, index) => [path, texts[index] ?? '']));
}

/** A page that is built once for all tests of this file. */
let root: TemporaryRoot;
let dist: string;
beforeAll(async () => {
  root = await temporaryContentRoot();
  dist = join(root.path, 'dist');
  expect(await candor(['build', '--root', root.path, '--out', dist, ...now])).toMatchObject({ code: 0 });
  return () => root[Symbol.asyncDispose]();
});

const publish = (to: string, ...args: string[]) => candor(publishing(to, ...args));
const publishing = (to: string, ...args: string[]) => ['publish', '--root', root.path, '--to', to, ...now, ...args];

test('a folder comes to hold the page byte for byte, and the second time there is nothing to add', async () => {
  await using place = await temporaryFolder();
  const to = join(place.path, 'public');
  const first = await candor(publishing(to, '--from', dist), { fresh: true });
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(/^Published to .+: \d+ files uploaded \([\d.]+ kB\), 0 unchanged, in [\d.]+ s\.\n$/);
  expect(await contentsOf(to)).toEqual(await contentsOf(dist));
  const second = await publish(to, '--from', dist);
  expect(second).toEqual({ code: 0, stdout: `Nothing to add: ${to} has all of it.\n`, stderr: '' });
});

test('a plan is shown for people and for programs, and nothing is written', async () => {
  await using place = await temporaryFolder();
  const text = await publish(place.path, '--from', dist, '--dry-run');
  expect(text.stdout).toMatch(
    /^A publish to .+ would do this, in this order:\n {2}hashed assets \(\d+\)\n {4}_astro\//,
  );
  expect(text.stdout).toMatch(
    /\n {2}current\.json, which says that nothing is known yet \(1\)\n {4}current\.json\n {2}new incident pages /,
  );
  expect(text.stdout).toMatch(
    /\n {2}current\.json \(1\)\n {4}current\.json\n0 files would stay as they are\. Nothing was written\.\n$/,
  );
  const json = await publish(place.path, '--from', dist, '--dry-run', '--format', 'json');
  const { outcome, plan } = JSON.parse(json.stdout);
  expect([outcome, plan.stages.at(-1).name, plan.retire]).toEqual(['planned', 'current.json', []]);
  expect(await filesBelow(place.path)).toEqual([]);
});

test('what must not be public keeps the page here, and is not told', async () => {
  await using place = await temporaryFolder();
  const copy = join(place.path, 'dist');
  const to = join(place.path, 'public');
  await candor(['build', '--root', root.path, '--out', copy, ...now]);
  const page = join(copy, '404.html');
  await writeFile(page, (await readFile(page, 'utf8')).replace('</h1>', ' at 10.1.2.3</h1>'));
  const held = await publish(to, '--from', copy);
  expect(held).toEqual({
    code: 1,
    stdout: `Nothing was published to ${to}, because something in it must not be public:\n  404.html holds an IP address\nTake it out of the content (\`candor check\` finds where it stands), build again, then publish again.\n`,
    stderr: '',
  });
  expect(await filesBelow(to)).toEqual([]);
  const named = await candor(
    ['publish', '--root', root.path, '--from', dist, '--to', to, ...now, '--format', 'github'],
    {
      env: { CANDOR_REDACT_NAMES: 'Payments' },
    },
  );
  expect(named.code).toBe(1);
  expect(named.stdout).toContain('::error title=last gate::index.html holds the name of an employee.\n');
});

test('without --from the content is built, and the snapshot alone is what a build would say', async () => {
  await using place = await temporaryFolder();
  const [to, built, state] = ['public', 'dist', 'state'].map((name) => join(place.path, name));
  const where = ['--root', root.path, '--state', state ?? '', '--to', to ?? ''];
  const refused = await candor(['publish', '--snapshot', ...where, ...now]);
  expect(refused).toEqual({
    code: 3,
    stdout: '',
    stderr: `error: No page is published in ${to} yet.\n  Publish the whole page once, without --snapshot.\n`,
  });
  expect(await candor(['publish', ...where, ...now])).toMatchObject({ code: 0, stderr: '' });
  expect(await contentsOf(to ?? '')).toEqual(await contentsOf(dist));
  for (let time = 0; time < 2; time += 1) {
    const alone = await candor(['publish', '--snapshot', ...where, ...later, '--format', 'json']);
    expect(JSON.parse(alone.stdout)).toMatchObject({ outcome: 'snapshot', uploaded: 1 });
  }
  await candor(['build', '--root', root.path, '--state', state ?? '', '--out', built ?? '', ...later]);
  const snapshot = await readFile(join(to ?? '', 'current.json'), 'utf8');
  expect(snapshot).toBe(await readFile(join(built ?? '', 'current.json'), 'utf8'));

  const older = await candor(['publish', '--snapshot', ...where, ...now, '--format', 'json']);
  expect([older.code, JSON.parse(older.stdout).outcome]).toEqual([0, 'superseded']);
  expect(await readFile(join(to ?? '', 'current.json'), 'utf8')).toBe(snapshot);
  await candor(['publish', '--snapshot', '--replace-newer', ...where, ...now]);
  expect(await readFile(join(to ?? '', 'current.json'), 'utf8')).not.toBe(snapshot);
});

test.each([
  [
    'no target',
    ['--from', 'dist'],
    'It is not said where to publish to.\n  Give --to gs://BUCKET/PREFIX or a folder, or set `bucket` in status.config.yml.',
  ],
  [
    'a folder without a page',
    ['--from', '.', '--to', '../elsewhere'],
    'ROOT holds no page: it takes an index.html and a current.json that a build left there.\n  Make one with `candor build --out .`.',
  ],
  ...['s3://status-example/public', 'GS://status-example', 'https://status.example/', 'file:///srv/status'].map(
    (to): [string, string[], string] => [
      `the address ${to}`,
      ['--from', 'dist', '--to', to],
      `${to} is no place that Candor publishes to.\n  Write gs://BUCKET/PREFIX, or the path of a folder.`,
    ],
  ),
  [
    'a target within the page',
    ['--from', 'dist', '--to', 'dist/public'],
    'ROOT/dist/public and ROOT/dist lie within each other.\n  Publish to a folder beside the one that was built.',
  ],
  ['the content as target', ['--to', '.'], 'ROOT holds the content of the page.\n  Publish to another folder.'],
  [
    'a snapshot of a built page',
    ['--snapshot', '--from', 'dist', '--to', '../elsewhere'],
    '--snapshot and --from do not go together.\n  With --snapshot, current.json alone is made from the content.',
  ],
])('%s is refused', async (_, args, message) => {
  const ended = await candor(['publish', ...args, ...now], { cwd: root.path });
  expect(ended).toEqual({ code: 2, stdout: '', stderr: `error: ${message.replaceAll('ROOT', root.path)}\n` });
});

test('a link that leads out of the built folder is refused by its name, and nothing is published', async () => {
  await using place = await temporaryFolder();
  const from = join(place.path, 'dist');
  const to = join(place.path, 'public');
  const secret = join(place.path, 'secret.txt');
  await cp(dist, from, { recursive: true });
  await writeFile(secret, 'not for the public');
  await symlink(secret, join(from, 'link.txt'));
  expect(await publish(to, '--from', from)).toEqual({
    code: 3,
    stdout: '',
    stderr: `error: link.txt in ${from} is a link that leads out of that folder.\n  Remove it, or put a copy of the file in its place, then publish again.\n`,
  });
  expect(await filesBelow(to)).toEqual([]);
});

test('credentials that cannot be read are told as that, without their content', async () => {
  await using place = await temporaryFolder();
  const file = join(place.path, 'credentials.json');
  await writeFile(file, 's3cret');
  for (const path of [join(place.path, 'missing.json'), file]) {
    const env = { GOOGLE_APPLICATION_CREDENTIALS: path };
    const args = ['publish', '--root', root.path, '--from', dist, '--to', 'gs://status-example', '--dry-run', ...now];
    expect(await candor(args, { env })).toEqual({
      code: 3,
      stdout: '',
      stderr:
        'error: gs://status-example/.candor/head.json could not be looked up: the credentials file that GOOGLE_APPLICATION_CREDENTIALS names is missing, cannot be read, or holds no credentials.\n  Correct the path in GOOGLE_APPLICATION_CREDENTIALS, or let this user read the file; or unset the variable, and sign in with gcloud auth application-default login.\n',
    });
  }
});
