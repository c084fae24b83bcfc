import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/content-root.ts';
import { type StatePlace, stateStoreContract } from '../../testing/state-store-contract.ts';
import { expectEveryCutRepaired } from '../../testing/state-store-contract-log.ts';
import { fileState } from './file-state.ts';

async function folderPlace(): Promise<StatePlace> {
  const root = await temporaryFolder();
  const folder = join(root.path, 'state');
  return {
    open: () => fileState(folder),
    options: '',
    bytes: async (path) => ((await filesUnder(folder)).includes(path) ? readFile(join(folder, path)) : undefined),
    damage: async (path, bytes) => {
      await mkdir(folder, { recursive: true });
      if (bytes === undefined) await rm(join(folder, path));
      else await writeFile(join(folder, path), bytes);
    },
    [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
  };
}

async function filesUnder(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  return readdir(folder, { recursive: true });
}

stateStoreContract('a folder', folderPlace);

test('wherever an append was cut off, the next goes on from the entries that were whole', () =>
  expectEveryCutRepaired(folderPlace));

test('reading makes no folder', async () => {
  await using root = await temporaryFolder();
  const state = fileState(join(root.path, 'a', 'state'));
  expect(await state.read('probes')).toBeUndefined();
  expect(await readdir(root.path)).toEqual([]);
});

test('what killed writers left is gone after the next write', async () => {
  await using root = await temporaryFolder();
  await root.write('.uptime.json.0b9a7c52-3f1e-4a53-9f0e-2f9b8a1d7c11.tmp', '{"form');
  await fileState(root.path).write('uptime', { components: [] }, undefined);
  expect((await readdir(root.path)).sort()).toEqual(['.gitignore', '.lock', 'uptime.json']);
});

describe('what is no plain file is refused by its name', () => {
  test('a folder in the place of a document, which can be discarded', async () => {
    await using root = await temporaryFolder();
    await mkdir(join(root.path, 'uptime.json'));
    const state = fileState(root.path);
    const message = `uptime.json of the state in ${root.path} is a folder, not a file. It was left as it is.`;
    await expect(state.read('uptime')).rejects.toThrow(message);
    await expect(state.write('uptime', { components: [] }, undefined)).rejects.toThrow(message);
    await state.setAside('uptime', new Date('2026-11-20T10:00:00Z'));
    expect(await state.read('uptime')).toBeUndefined();
  });

  test('a pipe, which would never end', async () => {
    await using root = await temporaryFolder();
    execFileSync('bash', ['-c', 'mkfifo "$0"', join(root.path, 'uptime.json')]);
    await expect(fileState(root.path).read('uptime')).rejects.toThrow(
      `uptime.json of the state in ${root.path} is no plain file. It was left as it is.`,
    );
  });

  test('a file that is too large', async () => {
    await using root = await temporaryFolder();
    await root.write('uptime.json', '');
    await truncate(join(root.path, 'uptime.json'), 64 * 1024 * 1024 + 1);
    await expect(fileState(root.path).read('uptime')).rejects.toThrow(
      `uptime.json of the state in ${root.path} is larger than 64 MiB. It was left as it is.`,
    );
  });

  test.skipIf(process.getuid?.() === 0)('a file that this user may not read', async () => {
    await using root = await temporaryFolder();
    await root.write('uptime.json', '{}');
    await chmod(join(root.path, 'uptime.json'), 0);
    await expect(fileState(root.path).read('uptime')).rejects.toThrow(
      `uptime.json of the state in ${root.path} cannot be read (EACCES). It was left as it is.`,
    );
  });

  test('a file in the place of the folder', async () => {
    await using root = await temporaryFolder();
    await root.write('state', '');
    const folder = join(root.path, 'state');
    await expect(fileState(folder).read('uptime')).rejects.toThrow(
      `${folder} is no folder, so no state can be kept there.`,
    );
  });
});

/** A process of its own that runs `program` with a state in that folder, as `state`, and says a line with `say`. */
function processWith(folder: string, program: string): { child: ChildProcess; lines: AsyncIterableIterator<string> } {
  const module = new URL('./file-state.ts', import.meta.url).href;
  const whole = `
    import { writeSync } from 'node:fs';
    import { fileState } from ${JSON.stringify(module)};
    const state = fileState(${JSON.stringify(folder)});
    const say = (line) => writeSync(1, line + '\\n');
    ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', whole], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

/** Let the process go on until it has said `count` lines, kill it, and give all that it said. */
async function killAfter({ child, lines }: ReturnType<typeof processWith>, count: number): Promise<number[]> {
  const closed = once(child, 'close');
  const said: number[] = [];
  for await (const line of lines) {
    said.push(Number(line));
    if (said.length === count) child.kill('SIGKILL');
  }
  await closed;
  return said;
}

const rounds = 10;

test('kill -9 at any point of a write leaves the last version that was written, or the one that was being written', async () => {
  await using root = await temporaryFolder();
  const head = { seq: 1, hash: 'a'.repeat(64) };
  await fileState(root.path).write('audit-head', head, undefined);
  let before = 1;
  for (let round = 0; round < rounds; round++) {
    const writer = processWith(
      root.path,
      `for (let stored = await state.read('audit-head'); ; stored = await state.read('audit-head')) {
         const seq = stored.value.seq + 1;
         await state.write('audit-head', { seq, hash: 'a'.repeat(64) }, stored.version);
         say(seq);
       }`,
    );
    const said = await killAfter(writer, 1 + (round % 5));
    const stored = await fileState(root.path).read('audit-head');
    const last = said.at(-1) ?? before;
    expect([last, last + 1]).toContain(stored?.value.seq);
    expect(stored?.version).toMatch(new RegExp(`^${stored?.value.seq}-`));
    before = stored?.value.seq ?? before;
  }
  expect(before).toBeGreaterThan(rounds);
});

test('kill -9 at any point of an append loses no entry that was written, and the next append goes on', async () => {
  await using root = await temporaryFolder();
  const acknowledged: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const writer = processWith(
      root.path,
      `for (let entry = ${round * 1000}; ; entry++) {
         await state.appendLog(() => JSON.stringify({ entry, text: 'x'.repeat(2000) }) + '\\n');
         say(entry);
       }`,
    );
    acknowledged.push(...(await killAfter(writer, 1 + (round % 4))));
  }
  await fileState(root.path).appendLog(() => '{"entry":-1}\n');
  const entries = (await fileState(root.path).readLog())
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line).entry);
  expect(entries).toEqual(expect.arrayContaining(acknowledged));
  expect(entries.slice(0, -1)).toEqual([...new Set(entries.slice(0, -1))].toSorted((a, b) => a - b));
  expect(entries.at(-1)).toBe(-1);
});

test('several processes that append at the same time lose nothing', async () => {
  await using root = await temporaryFolder();
  const writers = [1, 2, 3, 4].map((writer) =>
    processWith(
      root.path,
      `for (let i = 0; i < 25; i++) await state.appendLog((present) => JSON.stringify({ writer: ${writer}, i, at: present.split('\\n').length }) + '\\n');`,
    ),
  );
  await Promise.all(writers.map(({ child }) => once(child, 'close')));
  const entries = (await fileState(root.path).readLog())
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  expect(entries.map(({ at }) => at)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  for (const writer of [1, 2, 3, 4]) {
    expect(entries.filter((entry) => entry.writer === writer).map(({ i }) => i)).toEqual(
      Array.from({ length: 25 }, (_, i) => i),
    );
  }
});

test('several processes that count in one document lose no count', async () => {
  await using root = await temporaryFolder();
  await fileState(root.path).write('audit-head', { seq: 1, hash: 'a'.repeat(64) }, undefined);
  const writers = [1, 2, 3].map(() =>
    processWith(
      root.path,
      `for (let done = 0; done < 15; ) {
         const { value, version } = await state.read('audit-head');
         try { await state.write('audit-head', { ...value, seq: value.seq + 1 }, version); done++; }
         catch (error) { if (error.constructor.name !== 'StaleState') throw error; }
       }`,
    ),
  );
  await Promise.all(writers.map(({ child }) => once(child, 'close')));
  expect((await fileState(root.path).read('audit-head'))?.value.seq).toBe(46);
});
