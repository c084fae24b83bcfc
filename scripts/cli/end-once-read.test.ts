import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const module = pathToFileURL(join(import.meta.dirname, 'end-once-read.ts')).href;

test('a connection that stays open does not keep the process, and what was printed is there as a whole', async () => {
  const script = `
    import { createServer } from 'node:net';
    const { endOnceRead } = await import(${JSON.stringify(module)});
    createServer().listen(0, '127.0.0.1');
    process.stdout.write('told '.repeat(100_000));
    process.exitCode = 3;
    endOnceRead();`;
  const ended = await new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '-e', script], (error, stdout) =>
      resolve({ code: error?.code, printed: stdout.length }),
    );
  });
  expect(ended).toEqual({ code: 3, printed: 500_000 });
});
