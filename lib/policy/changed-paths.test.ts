import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgePaths } from './changed-paths.ts';

const judge = (paths: readonly string[], prefix = '') =>
  judgePaths(
    paths.map((filename) => ({ filename })),
    prefix,
  );

test.each([
  ['an incident', ['incidents/2026-11-20-card-payments.md'], true],
  ['a component', ['components/payments.yml'], true],
  ['a probe', ['probes/payments-api.yml'], true],
  ['the settings', ['status.config.yml'], true],
  ['one of many', ['docs/a.md', 'README.md', 'incidents/x.md'], true],
  ['a folder of content that becomes a link', ['incidents'], true],
  ['a file of no kind in a folder of content', ['incidents/notes/a.txt'], true],
  ['another spelling of the folder', ['Incidents/x.md'], true],
  ['content of another root', ['page/components/payments.yml'], true],
  ['a workflow', ['.github/workflows/publish.yml'], true],
  ['how git writes files', ['.gitattributes'], true],
  ['how git fetches others', ['docs/.gitmodules'], true],
  ['documentation', ['docs/operate.md', 'README.md'], false],
  ['code', ['lib/policy/cadence.ts', 'lib/adapters/probes/http.ts', 'package.json'], false],
  ['nothing', [], false],
])('%s: MANAGE_STATUS is needed: %s %s', (_what, paths, needsRight) => expect(judge(paths)).toEqual({ needsRight }));

test('a name that a file had before counts', () => {
  expect(judgePaths([{ filename: 'docs/a.md', previous_filename: 'incidents/a.md' }], '')).toEqual({
    needsRight: true,
  });
});

test('below the root of the content everything in its folders counts', () => {
  expect(judge(['page/incidents/a.txt'], 'page/')).toEqual({ needsRight: true });
  expect(judge(['page/incidents/a.txt'])).toEqual({ needsRight: false });
});

test('content and what judges content do not change together', () => {
  expect(judge(['incidents/x.md', '.github/workflows/pull-request.yml'])).toEqual({
    reason:
      'It changes content (incidents/x.md) together with what judges content (.github/workflows/pull-request.yml).',
    fix: 'Make two pull requests of it: first the one for the workflows, then the one for the content.',
  });
});

test.each([
  ['a way up', 'incidents/../lib/x.ts', '"incidents/../lib/x.ts"'],
  ['a path from the top', '/etc/passwd', '"/etc/passwd"'],
  ['a repository in it', 'docs/.git/config', '"docs/.git/config"'],
  ['a backslash', 'docs\\x.md', '"docs\\\\x.md"'],
  ['a line feed', 'docs/a\nb.md', '"docs/a\\nb.md"'],
  ['letters that turn the line around', 'docs/\u202Edm.exe', '"docs/\\u202edm.exe"'],
  ['an invisible letter', 'docs/a\u200B.md', '"docs/a\\u200b.md"'],
])('%s is refused, in letters that everybody sees', (_what, path, shown) => {
  expect(judge(['README.md', path])).toEqual({
    reason: `The path ${shown} is one that people and programs read differently.`,
    fix: 'Give the file a plain name: no control or invisible characters, no backslash, no part that is empty, `.`, `..` or `.git`.',
  });
});

test('one file of content among any others is enough', () => {
  const others = fc.array(fc.stringMatching(/^docs\/[a-z]{1,8}\.md$/));
  fc.assert(
    fc.property(others, others, (before, after) => {
      expect(judge([...before, 'incidents/x.md', ...after])).toEqual({ needsRight: true });
    }),
  );
});
