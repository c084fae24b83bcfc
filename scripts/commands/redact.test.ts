import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { soundTexts } from '../../lib/testing/builders.ts';
import { candor } from '../../lib/testing/command-line.ts';
import { temporaryContentRoot, temporaryFolder } from '../../lib/testing/content-root.ts';

test('text goes in and redacted text comes out; kind and place are told, and nothing of what was found', async () => {
  await using folder = await temporaryFolder();
  const input = 'The database at 10.0.0.1\nand db.internal is slow.\n';
  expect(await candor(['redact'], { cwd: folder.path, input, fresh: true })).toEqual({
    code: 0,
    stdout: 'The database at [redacted]\nand [redacted] is slow.\n',
    stderr: 'standard input:1: an IP address\nstandard input:2: an internal host name\n',
  });
});

test('text that holds nothing comes back byte for byte', async () => {
  await using folder = await temporaryFolder();
  const input = '\uFEFF# Title\r\n\r\n* a  \r\n* b at 12:30:45, no line feed at the end';
  expect(await candor(['redact', '-'], { cwd: folder.path, input })).toEqual({ code: 0, stdout: input, stderr: '' });
});

test("the page's own additions and the names of the environment apply", async () => {
  const config = `${soundTexts['status.config.yml']}redact:\n  hosts: [.meadow.example]\n`;
  await using root = await temporaryContentRoot({ 'status.config.yml': config });
  const input = 'Ada Example says: ask help@example.com about till.meadow.example.';
  const env = { CANDOR_REDACT_NAMES: 'Ada Example, Bo Sample' };
  expect(await candor(['redact', '--root', root.path], { input, env })).toEqual({
    code: 0,
    stdout: '[redacted] says: ask help@example.com about [redacted].',
    stderr: 'standard input:1: the name of an employee\nstandard input:1: an internal host name\n',
  });
});

test('settings that cannot be read are an error, since what must go is not known', async () => {
  await using root = await temporaryContentRoot({ 'status.config.yml': 'nam: x\n' });
  const ended = await candor(['redact', '--root', root.path], { input: 'x' });
  expect({ ...ended, stderr: ended.stderr.split('\n')[0] }).toEqual({
    code: 1,
    stdout: '',
    stderr: 'What must be redacted is not known, because the settings cannot be read:',
  });
});

test('--jsonl changes one JSON string a line, whatever is in it', async () => {
  await using folder = await temporaryFolder();
  const texts = ['See 10.0.0.1\nnow', 'a\u2028b "quoted"', 'fe80::1', 'db.internal', ''];
  const input = texts.map((text) => JSON.stringify(text)).join('\n');
  expect(await candor(['redact', '--jsonl'], { cwd: folder.path, input })).toEqual({
    code: 0,
    stdout: '"See [redacted]\\nnow"\n"a\\u2028b \\"quoted\\""\n"[redacted]"\n"[redacted]"\n""\n',
    stderr: 'standard input: an IP address, 2 in all\nstandard input: an internal host name, 1 in all\n',
  });
});

test.each([
  ['no JSON', '"a"\nb\n"c"\n'],
  ['no string', '"a"\n["b"]\n'],
  ['empty', '"a"\n\n"c"\n'],
])('--jsonl ends at a line that is %s, and names it', async (_what, input) => {
  await using folder = await temporaryFolder();
  expect(await candor(['redact', '--jsonl'], { cwd: folder.path, input })).toEqual({
    code: 2,
    stdout: '"a"\n',
    stderr:
      'error: standard input, line 2, is no JSON string.\n  With --jsonl every line is one string in double quotes, such as "It works again.\\n".\n',
  });
});

test('--write changes the files that need it', async () => {
  await using root = await temporaryContentRoot();
  const incident = 'incidents/2026-11-20-card-payments.md';
  await root.write(incident, soundTexts[incident].replace('some cards', 'cards from 10.0.0.1'));
  const args = ['redact', '--write', incident, 'components/payments.yml'];
  expect(await candor(args, { cwd: root.path })).toEqual({
    code: 0,
    stdout: `${incident}: redacted\ncomponents/payments.yml: nothing to redact\n`,
    stderr: `${incident}:17: an IP address\n`,
  });
  expect(await readFile(join(root.path, incident), 'utf8')).toBe(
    soundTexts[incident].replace('some cards', 'cards from [redacted]'),
  );
  expect(await candor(args, { cwd: root.path })).toEqual({
    code: 0,
    stdout: `${incident}: nothing to redact\ncomponents/payments.yml: nothing to redact\n`,
    stderr: '',
  });
});

test('a file that is not found from the current folder is found from the root', async () => {
  const incident = 'incidents/2026-11-20-card-payments.md';
  const text = soundTexts[incident].replace('some cards', 'cards from 10.0.0.1');
  await using root = await temporaryContentRoot({ [incident]: text });
  await using elsewhere = await temporaryFolder();
  const redacted = text.replace('10.0.0.1', '[redacted]');
  expect((await candor(['redact', '--root', root.path, incident], { cwd: elsewhere.path })).stdout).toBe(redacted);
  expect(await candor(['redact', '--root', root.path, '--write', incident], { cwd: elsewhere.path })).toEqual({
    code: 0,
    stdout: `${incident}: redacted\n`,
    stderr: `${incident}:17: an IP address\n`,
  });
  expect(await readFile(join(root.path, incident), 'utf8')).toBe(redacted);
});

test('--write follows no symbolic link out of the root, and then changes nothing at all', async () => {
  await using root = await temporaryContentRoot({ 'note.md': '10.0.0.1\n' });
  await using outside = await temporaryFolder();
  await outside.write('secret.md', '10.0.0.2\n');
  await mkdir(join(root.path, 'notes'));
  await symlink(join(outside.path, 'secret.md'), join(root.path, 'notes', 'link.md'));
  expect(await candor(['redact', '--write', 'note.md', 'notes/link.md'], { cwd: root.path })).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: notes/link.md does not lie in ${root.path}, so it is not changed.\n  Name the folder that holds it with --root, or redact it without --write.\n`,
  });
  expect(await readFile(join(root.path, 'note.md'), 'utf8')).toBe('10.0.0.1\n');
  expect(await readFile(join(outside.path, 'secret.md'), 'utf8')).toBe('10.0.0.2\n');
});

test.each([
  [
    'a file that is not there',
    ['nope.md'],
    '',
    'nope.md does not exist.\n  Name a file of text, or - for standard input.',
  ],
  ['a folder', ['incidents'], '', 'incidents is a folder.\n  Name a file of text, or - for standard input.'],
  ['what is not UTF-8', ['latin.md'], '', 'latin.md is not UTF-8 text.\n  Convert it to UTF-8 first.'],
  [
    '--write without a file',
    ['--write'],
    '',
    '--write changes files, and none is named.\n  Name the files, or leave out --write.',
  ],
])('%s is refused', async (_what, args, input, told) => {
  await using root = await temporaryContentRoot();
  await root.write('latin.md', Uint8Array.of(0xe9, 0x0a));
  expect(await candor(['redact', ...args], { cwd: root.path, input })).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: ${told}\n`,
  });
});
