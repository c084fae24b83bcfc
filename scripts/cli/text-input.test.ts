import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { candor } from '../../lib/testing/command-line.ts';
import { temporaryFolder } from '../../lib/testing/content-root.ts';
import { lineBatches, readInput } from './text-input.ts';

async function linesOf(text: string | Uint8Array): Promise<string[]> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'lines');
  await writeFile(file, text);
  const lines: string[] = [];
  for await (const batch of lineBatches(file)) lines.push(...batch);
  return lines;
}

test.each([
  ['an empty file has no line', '', []],
  ['the last line needs no line feed', 'a\nb', ['a', 'b']],
  ['a line feed at the end begins no line', 'a\nb\n', ['a', 'b']],
  ['empty lines count', '\n\na', ['', '', 'a']],
  ['other separators do not end a line', 'a\u2028b\rc\u0085d\n', ['a\u2028b\rc\u0085d']],
])('%s', async (_rule, text, lines) => {
  expect(await linesOf(text)).toEqual(lines);
});

test('lines that come in pieces are put together, characters included', async () => {
  const texts = Array.from({ length: 3000 }, (_, n) => `Zahlungen über ${n} € – ${'ü'.repeat(n % 100)}`);
  const input = texts.map((text) => `${JSON.stringify(text)}\n`).join('');
  await using folder = await temporaryFolder();
  expect(await candor(['redact', '--jsonl'], { cwd: folder.path, input })).toEqual({
    code: 0,
    stdout: input,
    stderr: '',
  });
});

test('a byte order mark is part of a text', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'bom.md');
  await writeFile(file, '\uFEFFtext');
  expect(await readInput(file)).toBe('\uFEFFtext');
});
