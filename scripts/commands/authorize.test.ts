import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { candor } from '../../lib/testing/command-line.ts';
import { temporaryContentRoot } from '../../lib/testing/content-root.ts';
import { startFakeGithub } from '../../lib/testing/fake-github.ts';
import { recordedPullEvent } from '../../lib/testing/recorded-events.ts';

const reason = 'The event is "issues", which is not about a pull request.';
const fix =
  'Run this in a workflow on `pull_request` or `pull_request_review`, or name the payload of such an event with --event.';

test.each([
  ['text', `Denied: ${reason}\n  ${fix}\n`],
  ['github', `::error title=authorize::Denied: ${reason} ${fix}\n`],
  ['json', `${JSON.stringify({ allowed: false, reason, fix })}\n`],
])('a denial ends with 1 and says why, as %s', async (format, stdout) => {
  const env = { GITHUB_EVENT_NAME: 'issues', GITHUB_STEP_SUMMARY: '' };
  expect(await candor(['authorize', '--format', format], { env })).toEqual({ code: 1, stdout, stderr: '' });
});

test('where GitHub refuses to say, it ends with 3, and the summary of the job has it in letters that are safe', async () => {
  await using github = await startFakeGithub({});
  await using root = await temporaryContentRoot();
  await root.write('event.json', JSON.stringify(recordedPullEvent('pull_request', 'opened')));
  const ended = await candor(['authorize', '--root', root.path, '--event', `${root.path}/event.json`], {
    fresh: true,
    env: {
      GITHUB_API_URL: github.access.apiUrl,
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_REPOSITORY: undefined,
      GITHUB_STEP_SUMMARY: `${root.path}/summary.md`,
      GITHUB_TOKEN: 't0',
    },
  });
  expect(ended).toEqual({
    code: 3,
    stdout: `Denied: It could not be decided. GitHub answered 404 to GET /repos/{owner}/{repo}/pulls/{pull_number}: Not Found
  Look at the name of the repository and at what the token may see: GitHub answers 404 for what it hides.
`,
    stderr: '',
  });
  expect(await readFile(`${root.path}/summary.md`, 'utf8')).toMatch(
    /^## Denied\n\nIt could not be decided&#46; GitHub answered 404 to GET &#47;repos&#47;&#123;owner&#125;/,
  );
});

test('without a token it cannot be used', async () => {
  await using root = await temporaryContentRoot();
  await root.write('event.json', JSON.stringify(recordedPullEvent('pull_request', 'opened')));
  const env = { GITHUB_TOKEN: '', GITHUB_EVENT_NAME: undefined, GITHUB_REPOSITORY: undefined };
  expect(await candor(['authorize', '--event', `${root.path}/event.json`], { env })).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'error: The environment lacks GITHUB_TOKEN.\n  In a workflow, give the step `GITHUB_TOKEN` from `github.token`; GitHub sets the others.\n',
  });
});
