import { once } from 'node:events';
import { relative, sep } from 'node:path';
import { watch } from 'chokidar';

/** What is watched until `close` is called. */
export interface ContentWatch {
  readonly close: () => Promise<void>;
}

/** The files of a content root, and the folders that lead to them; everything else in the root is of no interest. */
const contentPath = /^(?:incidents(?:\/[^/]+\.md)?|(?:components|probes)(?:\/[^/]+\.ya?ml)?|status\.config\.ya?ml)$/;

/**
 * Call `changed` with the path, relative to `root`, of each file of the content that appears, changes or goes away,
 * whatever way an editor saves it and also in a folder that is made later; `failed` when watching itself fails.
 * Resolves once everything that is there is being watched.
 */
export async function watchContent(
  root: string,
  on: { readonly changed: (path: string) => void; readonly failed: (error: unknown) => void },
): Promise<ContentWatch> {
  const watcher = watch(root, {
    ignoreInitial: true,
    atomic: 50,
    ignored: (path) => path !== root && !contentPath.test(pathIn(root, path)),
  });
  watcher.on('all', (_event, path) => {
    if (path !== root) on.changed(pathIn(root, path));
  });
  watcher.on('error', on.failed);
  await once(watcher, 'ready');
  return { close: () => watcher.close() };
}

function pathIn(root: string, path: string): string {
  return relative(root, path).replaceAll(sep, '/');
}
