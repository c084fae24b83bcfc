import type { Edition } from '../schema/publish.ts';

/**
 * The edition that was built at `builtAt` from content whose newest commit is `commit`. What was built before that commit
 * was made cannot come from it, and goes by the time when it was built, as content outside git does.
 */
export function editionOf(commit: { readonly id: string; readonly at: Date } | undefined, builtAt: Date): Edition {
  const built = builtAt.toISOString();
  if (commit === undefined || commit.at > builtAt) return { committed_at: built, built_at: built };
  return { commit: commit.id, committed_at: commit.at.toISOString(), built_at: built };
}
