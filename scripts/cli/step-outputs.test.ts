import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { soundTexts } from '../../lib/testing/builders.ts';
import { candor } from '../../lib/testing/command-line.ts';
import { temporaryContentRoot } from '../../lib/testing/content-root.ts';

test.each([
  ['a bucket to publish to', 'bucket: gs://status-example-com\n', 'publishes=true\n'],
  ['no bucket', '', 'publishes=false\n'],
])('the check tells the jobs after it of %s', async (_name, line, expected) => {
  await using root = await temporaryContentRoot({ 'status.config.yml': soundTexts['status.config.yml'] + line });
  const output = join(root.path, 'output');
  await candor(['check', '--root', root.path], { env: { GITHUB_OUTPUT: output } });
  expect(await readFile(output, 'utf8')).toBe(expected);
});
