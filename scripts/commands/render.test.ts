import { expect, test } from 'vitest';
import { candor } from '../../lib/testing/command-line.ts';
import { temporaryFolder } from '../../lib/testing/content-root.ts';

test('Markdown becomes redacted HTML with a few tags alone', async () => {
  await using folder = await temporaryFolder();
  await folder.write('note.md', 'Works **again** at 10.0.0.1.<script>alert(1)</script>\n');
  const expected = { code: 0, stdout: '<p>Works <strong>again</strong> at [redacted].</p>\n', stderr: '' };
  expect(await candor(['render', 'note.md'], { cwd: folder.path, fresh: true })).toEqual(expected);
});

test('--jsonl renders one JSON string a line', async () => {
  await using folder = await temporaryFolder();
  const input = '"It *works*."\n"[a](https://a.example)"\n""\n';
  expect(await candor(['render', '--jsonl'], { cwd: folder.path, input })).toEqual({
    code: 0,
    stdout: ['<p>It <em>works</em>.</p>', '<p><a href="https://a.example" rel="noopener noreferrer">a</a></p>', '']
      .map((html) => `${JSON.stringify(html)}\n`)
      .join(''),
    stderr: '',
  });
});
