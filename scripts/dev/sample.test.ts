import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readContentRoot } from '../../lib/adapters/content-folder.ts';
import { parseContent } from '../../lib/content/parse-content.ts';
import { candor, repository } from '../../lib/testing/command-line.ts';

const paths = ['status.config.yml'];
for (const folder of ['components', 'incidents']) {
  paths.push(...(await readdir(join(repository, folder))).map((name) => `${folder}/${name}`));
}

test('the sample has no problem', async () => {
  const { code, stdout } = await candor(['check', '--root', repository, '--format', 'json']);
  expect({ code, problems: JSON.parse(stdout) }).toEqual({ code: 0, problems: [] });
});

test('the sample ages well: every incident is resolved, and there is a draft to look at', async () => {
  const { files } = await readContentRoot(repository);
  const { content } = parseContent(files, { now: new Date('2026-11-16T00:00:00Z') });
  const incidents = content?.incidents ?? [];
  expect(incidents.filter(({ state }) => state !== 'resolved').map(({ id }) => id)).toEqual([]);
  expect(incidents.filter(({ published }) => !published).length).toBe(1);
  expect(new Set(incidents.map(({ impact }) => impact))).toEqual(new Set(['none', 'minor', 'major', 'critical']));
});

test.each(paths)('%s tells editors its schema', async (path) => {
  const [first = '', second = ''] = (await readFile(join(repository, path), 'utf8')).split('\n');
  const hint = path.endsWith('.md') ? second : first;
  const schema = /^# yaml-language-server: \$schema=(\S+)$/.exec(hint)?.[1] ?? 'missing';
  expect(existsSync(join(repository, dirname(path), schema))).toBe(true);
});
