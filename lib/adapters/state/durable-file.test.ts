import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/content-root.ts';
import { removeLeftovers, replaceDurably } from './durable-file.ts';

const durableModule = new URL('./durable-file.ts', import.meta.url).href;

test('a file is replaced as a whole and nothing else is left', async () => {
  await using root = await temporaryFolder();
  await replaceDurably(join(root.path, 'a.json'), Buffer.from('one'));
  await replaceDurably(join(root.path, 'a.json'), Buffer.from('two'));
  expect(await readdir(root.path)).toEqual(['a.json']);
  expect(await readFile(join(root.path, 'a.json'), 'utf8')).toBe('two');
});

test('a write that does not fit leaves what was there, and says so', async () => {
  await using root = await temporaryFolder();
  const file = join(root.path, 'a.json');
  await root.write('a.json', 'what was there');
  const program = `
    import { replaceDurably } from ${JSON.stringify(durableModule)};
    const error = await replaceDurably(${JSON.stringify(file)}, Buffer.alloc(100_000)).catch((caught) => caught);
    process.stdout.write(error.message + '\\n' + error.fix);`;
  const limited = `ulimit -f 16; exec "$0" --input-type=module -e "$1"`;
  const said = execFileSync('bash', ['-c', limited, process.execPath, program], { encoding: 'utf8' });
  expect(said).toBe(
    `${file} could not be written (EFBIG); what it held before is as it was.\n` +
      'Check the space on the disk and that this user may write in that folder, then run the command again.',
  );
  expect(await readdir(root.path)).toEqual(['a.json']);
  expect(await readFile(file, 'utf8')).toBe('what was there');
});

test('what killed writers left is removed, and nothing of anybody else', async () => {
  await using root = await temporaryFolder();
  await root.write('.a.json.0b9a7c52-3f1e-4a53-9f0e-2f9b8a1d7c11.tmp', 'half');
  await root.write('.a.json.tmp', 'mine');
  await root.write('a.json', 'whole');
  await removeLeftovers(root.path);
  expect((await readdir(root.path)).sort()).toEqual(['.a.json.tmp', 'a.json']);
});
