import fs from 'node:fs';
import { enableCompileCache, syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

/**
 * A process that runs the probes of a content root again and again, one run after the other without a pause, and kills
 * itself as `kill -9` would before its `last` step: whatever it does with a file, be it to open, write, sync, rename or
 * remove one, is a step. Without `last` it makes one run and prints how many steps that took.
 */
const [root = '', last] = process.argv.slice(2);
let steps = 0;

function step(): void {
  steps += 1;
  if (steps === Number(last)) process.kill(process.pid, 'SIGKILL');
}

/** Count every call of what changes a file; what is imported by name later is counted as well. */
function countIn(module: object): void {
  for (const [name, act] of Object.entries(Object.getOwnPropertyDescriptors(module))) {
    const { value } = act;
    if (typeof value !== 'function' || !/^(?:open|write|sync|close|rename|rm|mkdir|unlink|link)/.test(name)) continue;
    Object.defineProperty(module, name, {
      ...act,
      value(this: unknown, ...args: unknown[]) {
        step();
        return Reflect.apply(value, this, args);
      },
    });
  }
}

enableCompileCache();
const { fileState } = await import('../adapters/state/file-state.ts');
const { runProbes } = await import('../../scripts/pipeline/probe-run.ts');
// What a run loads when it is first needed.
await Promise.all([import('../adapters/probes/http.ts'), import('../../scripts/pipeline/record.ts')]);
await using handle = await fs.promises.open(import.meta.filename);
for (const module of [fs, fs.promises, Object.getPrototypeOf(handle)]) countIn(module);
syncBuiltinESMExports();

const folder = join(root, '.state');
const request = {
  root,
  store: fileState(folder),
  journalFolder: folder,
  env: {},
  clock: () => new Date(),
  signal: new AbortController().signal,
};
do await runProbes(request);
while (last !== undefined);
console.log(steps);
