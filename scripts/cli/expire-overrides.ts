import { join } from 'node:path';
import { withActionsToken } from '../../lib/adapters/actions-token.ts';
import { readContentRoot } from '../../lib/adapters/content-folder.ts';
import { editFile } from '../../lib/adapters/edit-file.ts';
import { commitEdit, type EditCommit, type FolderEdit, headOf } from '../../lib/adapters/git-commit.ts';
import { pushEdit } from '../../lib/adapters/git-push.ts';
import { clearExpired } from '../../lib/content/clear-expired.ts';
import type { Content } from '../../lib/content/content.ts';
import { parseContent } from '../../lib/content/parse-content.ts';
import type { Component } from '../../lib/schema/component.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import { recordContent } from '../pipeline/record.ts';
import type { Context } from './context.ts';
import { ProblemsFound } from './errors.ts';
import { problemsText } from './report-problems.ts';
import { stateStoreOf } from './state-store.ts';

/** What the command line says of `expire`. */
export interface ExpireOptions {
  readonly commit?: true;
  readonly push?: true;
}

/**
 * Tell the audit log, then clean up the files, then git: whoever is killed in between leaves something to do for the next
 * run, and nothing that was done and not told. Problems are of component files that could not be read or cleaned up.
 */
export async function expireOverrides(
  context: Context,
  options: ExpireOptions,
): Promise<{ readonly report: string; readonly problems: string }> {
  const { root } = context;
  const now = context.now();
  if (options.commit || options.push) await headOf(root);
  const { content, problems } = await readContent(root, now);
  const recorded = await recordContent(stateStoreOf(context), content, context, now);
  const cleared: Component[] = [];
  const found = [...problems];
  for (const component of content.components) {
    if (component.override === undefined || component.override.expiresAt > now) continue;
    const isCleared = await editFile(join(root, component.file), (present) => {
      const result = present === undefined ? undefined : clearExpired(component.file, present, now);
      found.push(...(result?.problems ?? []));
      return result?.text;
    });
    if (isCleared) cleared.push(component);
  }
  const outcome = { recorded, cleared, ...(await inGit(context, now, options)) };
  const report = context.format === 'json' ? jsonReport(outcome) : textReport(outcome);
  return { report, problems: found.length === 0 ? '' : problemsText(found, { colour: false }) };
}

/** The content, and the problems of component files that are not in it. */
async function readContent(root: string, now: Date): Promise<{ content: Content; problems: Problem[] }> {
  const read = await readContentRoot(root);
  const { content, problems } = parseContent(read.files, { now, unread: read.problems.map(({ file }) => file) });
  const all = [...read.problems, ...problems];
  if (content === undefined) {
    const settings = all.filter(({ rule, file }) => rule === 'no-content' || file === 'status.config.yml');
    throw new ProblemsFound('Nothing was done, because the settings of the page cannot be read:', settings);
  }
  const known = new Set(content.components.map(({ file }) => file));
  return { content, problems: all.filter(({ file }) => file.startsWith('components') && !known.has(file)) };
}

interface GitOutcome {
  readonly commit?: EditCommit | undefined;
  readonly pushedTo?: string;
  /** Whether the branch here went along with what was pushed. */
  readonly isLocal?: boolean;
}

async function inGit({ root, env }: Context, now: Date, { commit, push }: ExpireOptions): Promise<GitOutcome> {
  const edit: FolderEdit = {
    folder: 'components',
    edit: (path, text) => clearExpired(path, text, now).text,
    message: (paths) => subjectOf(paths),
  };
  if (push) {
    const pushed = await pushEdit(root, edit, withActionsToken(env));
    return { commit: pushed.commit, pushedTo: pushed.to, isLocal: pushed.isLocal };
  }
  return commit ? { commit: await commitEdit(root, edit) } : {};
}

/** The subject of the commit that takes expired overrides out of these files. */
function subjectOf(paths: readonly string[]): string {
  const ids = paths.map((path) => path.replace(/^components\/|\.yml$/g, ''));
  const [only, ...others] = ids;
  if (others.length === 0) return `chore(components): clear expired override of ${only}`;
  return `chore(components): clear expired overrides of ${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`;
}

interface Outcome extends GitOutcome {
  readonly recorded: number;
  readonly cleared: readonly Component[];
}

function jsonReport({ recorded, cleared, commit, pushedTo }: Outcome): string {
  const outcome = {
    cleared: cleared.map(({ file }) => file),
    recorded,
    commit: commit?.id ?? null,
    pushed_to: commit === undefined ? null : (pushedTo ?? null),
  };
  return `${JSON.stringify(outcome)}\n`;
}

function textReport({ recorded, cleared, commit, pushedTo, isLocal }: Outcome): string {
  const lines = cleared.map(({ file, name }) => `Took the expired override of ${name} out of ${file}.`);
  if (lines.length === 0) lines.push('No file holds an override that has expired.');
  if (recorded > 0) lines.push(`Told the audit log ${recorded === 1 ? 'one fact' : `${recorded} facts`}.`);
  if (commit !== undefined) {
    const where = pushedTo === undefined ? '' : ` and pushed to ${pushedTo}`;
    lines.push(`Committed${where}: ${commit.id.slice(0, 10)} ${subjectOf(commit.changes.map(({ path }) => path))}`);
  }
  if (isLocal === false)
    lines.push('The branch here did not go along, because of changes in it: `git pull` brings it forward.');
  return `${lines.join('\n')}\n`;
}
