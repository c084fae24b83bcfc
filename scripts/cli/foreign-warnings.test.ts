import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const module = pathToFileURL(join(import.meta.dirname, 'foreign-warnings.ts')).href;

test('that a machine is not at Google is no warning, and other warnings are', async () => {
  const script = `
    const { leaveOutForeignWarnings } = await import(${JSON.stringify(module)});
    leaveOutForeignWarnings();
    process.emitWarning('received unexpected error', 'MetadataLookupWarning');
    process.emitWarning('the disk is nearly full', 'DiskWarning');`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stderr.replace(/^\(node:\d+\) /, '').split('\n')[0]).toBe('DiskWarning: the disk is nearly full');
});
