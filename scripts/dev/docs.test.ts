import { existsSync } from 'node:fs';
import { cp, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { candor, repository } from '../../lib/testing/command-line.ts';
import { temporaryFolder } from '../../lib/testing/content-root.ts';

const documents = (await readdir(repository))
  .concat((await readdir(join(repository, 'docs'), { recursive: true })).map((path) => join('docs', path)))
  .filter((path) => path.endsWith('.md'));

const read = (path: string) => readFile(join(repository, path), 'utf8');

test('every link of the documentation leads somewhere', async () => {
  const broken: string[] = [];
  for (const path of documents) {
    for (const target of linksOf(await read(path))) {
      if (!(await leadsSomewhere(path, target))) broken.push(`${path}: ${target}`);
    }
  }
  expect(broken).toEqual([]);
});

/** Targets of links, images and sources outside of code, without those on other sites. */
function linksOf(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```$|`[^`\n]*`/gm, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)];
  return targets.map(([, link, attribute]) => link ?? attribute ?? '').filter((target) => !/^[a-z]+:/.test(target));
}

async function leadsSomewhere(from: string, target: string): Promise<boolean> {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? from : join(dirname(from), path);
  if (!existsSync(join(repository, file))) return false;
  return anchor === undefined || anchorsOf(await read(file)).includes(anchor);
}

function anchorsOf(markdown: string): string[] {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('the index names every page of the documentation', async () => {
  const linked = linksOf(await read('docs/README.md')).map((target) => join('docs', target.replace(/#.*/, '')));
  const pages = documents.filter((path) => path.startsWith('docs/') && path !== 'docs/README.md');
  expect(pages.filter((path) => !linked.includes(path))).toEqual([]);
});

test('the decision on libraries names every direct dependency, and no other', async () => {
  const { dependencies, peerDependencies, devDependencies } = JSON.parse(await read('package.json'));
  const rows = [...(await read('docs/decisions/0010-libraries.md')).matchAll(/^\| (`[^|]+) \|/gm)];
  const named = rows.flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(named.sort()).toEqual(Object.keys({ ...dependencies, ...peerDependencies, ...devDependencies }).sort());
});

test('the tour of the README works as it is written', async () => {
  await using folder = await temporaryFolder();
  for (const part of ['status.config.yml', 'components', 'incidents']) {
    await cp(join(repository, part), join(folder.path, part), { recursive: true });
  }
  const commands = tourOf(await read('README.md'));
  const ends: unknown[] = [];
  for (const [index, args] of commands.entries()) {
    const now = new Date(Date.UTC(2026, 10, 20, 9, 10 * index)).toISOString();
    const clock = args.includes('--now') ? [] : ['--now', now];
    const { code, stderr } = await candor([...args, ...clock], { cwd: folder.path });
    ends.push({ command: args.slice(0, 2).join(' '), code, stderr });
  }
  expect(ends).toEqual(
    [
      'incident new',
      'check',
      'incident update',
      'incident update',
      'incident resolve',
      'check --now',
      'build --out',
    ].map((command) => ({ command, code: 0, stderr: '' })),
  );
  const page = await readFile(join(folder.path, 'dist', 'index.html'), 'utf8');
  expect(page).toContain('Card payments are failing for some merchants');
});

/** The arguments of every `npx candor` in the tour. */
function tourOf(readme: string): string[][] {
  const [, tour = ''] = readme.split('## Your first incident in five minutes');
  const lines = (tour.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('npx candor '));
  return lines.map((line) =>
    [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '').slice(2),
  );
}
