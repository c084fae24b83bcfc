import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../testing/content-root.ts';
import { publishTargetContract, type TargetPlace } from '../../testing/publish-target-contract.ts';
import { openTarget } from './open-target.ts';

publishTargetContract('a folder', async (): Promise<TargetPlace> => {
  const root = await temporaryFolder();
  const folder = join(root.path, 'public');
  return {
    open: () => openTarget(folder, { apiEndpoint: undefined }),
    visit: (path) => readFile(join(folder, path)).catch(() => undefined),
    plant: (path, text) => root.write(`public/${path}`, text),
    [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
  };
});
