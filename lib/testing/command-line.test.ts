import { expect, test } from 'vitest';
import { candor } from './command-line.ts';
import { temporaryContentRoot } from './content-root.ts';

test('a command ends as it does in a process of its own, whatever ran before it', async () => {
  await using root = await temporaryContentRoot({ 'components/tills.yml': 'nmae: Tills\n' });
  const lines = [
    { args: ['check'], cwd: root.path },
    { args: ['serve', '--from', 'nowhere'], cwd: root.path },
    { args: ['probe'], cwd: root.path },
    { args: ['redact'], input: 'Ada Lovelace, ada@shop.example', env: { CANDOR_REDACT_NAMES: 'Ada Lovelace' } },
    { args: ['redact'], input: 'Ada Lovelace, ada@shop.example' },
    { args: ['chekc'] },
  ];
  const again = [];
  for (const { args, ...run } of lines) again.push(await candor(args, run));
  const fresh = await Promise.all(lines.map(({ args, ...run }) => candor(args, { ...run, fresh: true })));
  expect(again).toEqual(fresh);
  expect(fresh.map(({ code }) => code)).toEqual([1, 3, 0, 0, 0, 2]);
});
