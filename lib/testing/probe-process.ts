import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * A process that runs the probes of a content root again and again, one run after the other without a pause, until it is
 * killed. Its first line of output says that its next step is the first run.
 */
enableCompileCache();
const { fileState } = await import('../adapters/state/file-state.ts');
const { runProbes } = await import('../../scripts/pipeline/probe-run.ts');
// What a run loads when it is first needed.
await Promise.all([import('../adapters/probes/http.ts'), import('../../scripts/pipeline/record.ts')]);
const [root = ''] = process.argv.slice(2);
const folder = join(root, '.state');
const request = {
  root,
  store: fileState(folder),
  journalFolder: folder,
  env: {},
  clock: () => new Date(),
  signal: new AbortController().signal,
};
process.stdout.write('ready\n');
for (;;) await runProbes(request);
