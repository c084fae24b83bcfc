import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withActionsToken } from '../../lib/adapters/actions-token.ts';
import {
  baseCommitOf,
  commitProposal,
  fetchBranches,
  incidentBranches,
  openBranches,
  openProposal,
  type ProposalTarget,
  proposalTarget,
  pushProposal,
  textAt,
} from '../../lib/adapters/git-proposal.ts';
import { proposalSubject } from '../../lib/content/proposal-text.ts';
import type { Incident } from '../../lib/schema/incident.ts';
import type { Ask } from './ask.ts';
import type { Context } from './context.ts';
import { UsageError } from './errors.ts';
import type { Written } from './incident-report.ts';
import { openIncidentPull, pullAccess } from './open-incident-pull.ts';
import { incidentIn, openWorkspace, type Workspace } from './workspace.ts';

/** Writes the file of an incident in a workspace. */
export type IncidentWork = (workspace: Workspace, ask: Ask | undefined, id: string | undefined) => Promise<Written>;

/** Which incident is meant, as far as the command line says so. */
export interface Which {
  readonly id: string | undefined;
  readonly isNew?: true;
}

/**
 * Let `work` write an incident's file on top of the base branch, or of the branch of that incident that is not merged
 * yet, commit it, push the branch and open a pull request. The operator's own work tree stays as it is.
 */
export async function proposeIncident(
  context: Context,
  ask: Ask | undefined,
  which: Which,
  work: IncidentWork,
): Promise<void> {
  const { root } = context;
  const env = withActionsToken(context.env);
  const target = await proposalTarget(root);
  if (!(await fetchBranches(root, target, env))) {
    tell(`${target.remote} cannot be reached: this goes by what is known here, and the push may fail.`);
  }
  const start = await startOf(context, target, which);
  await using proposal = await openProposal(root, start.commit);
  const workspace = await openWorkspace({ ...context, root: proposal.root, typedRoot: root });
  const { path, did } = await work(workspace, ask, start.id);
  const incident = incidentIn(path, await readFile(join(proposal.root, path), 'utf8'));
  const branch = start.branch ?? (await freeBranch(root, target, incident.id));
  const subject = proposalSubject(incident, did === 'Published' ? 'published' : undefined);
  const plan = { path, branch, subject, target, isJoining: start.branch !== undefined, incident };
  await announce(context, plan, ask);
  await commitProposal(root, proposal, { path, branch, message: subject });
  await pushProposal(root, target, branch, env);
  await openIncidentPull(context, plan);
}

/** What is about to be done. */
export interface ProposalPlan {
  readonly path: string;
  readonly branch: string;
  readonly subject: string;
  readonly target: ProposalTarget;
  /** Whether the branch holds earlier updates that are not merged. */
  readonly isJoining: boolean;
  readonly incident: Incident;
}

interface Start {
  readonly commit: string;
  /** The branch that goes on; `undefined` for a new one. */
  readonly branch: string | undefined;
  readonly id: string | undefined;
}

/** Where the change begins: an update that is prepared before the one before it is merged goes on top of that. */
async function startOf({ root }: Context, target: ProposalTarget, { id, isNew }: Which): Promise<Start> {
  const base = await baseCommitOf(root, target);
  const fresh = { commit: base, branch: undefined, id };
  if (isNew) return fresh;
  const open = [...(await openBranches(root, target))]
    .map(([branch, commit]) => ({ branch, commit, id: idOf(branch) }))
    .filter((one) => id === undefined || one.id === id);
  const waiting: Start[] = [];
  for (const one of open) if (!(await isContained(root, one, base))) waiting.push(one);
  const [only, ...others] = waiting.sort((a, b) => (String(a.branch) < String(b.branch) ? 1 : -1));
  if (only === undefined) return fresh;
  if (id !== undefined || others.length === 0) return only;
  const ids = [...new Set(waiting.map((one) => one.id))];
  throw new UsageError(`${ids.length} incidents wait to be merged; say which.`, ids.join('\n'));
}

/** `+2` and so on stand behind an id whose branch was merged and is there still. */
function idOf(branch: string): string {
  return branch.slice(incidentBranches.length).replace(/\+\d+$/, '');
}

/** Whether the base has every update of a branch already, such as after a merge that made one commit of several. */
async function isContained(
  root: string,
  { commit, id }: { commit: string; id: string },
  base: string,
): Promise<boolean> {
  const path = `incidents/${id}.md`;
  const [ours, theirs] = [await textAt(root, commit, path), await textAt(root, base, path)];
  if (ours === undefined) return true;
  if (theirs === undefined) return false;
  const merged = new Set(incidentIn(path, theirs).updates.map(({ at }) => at.getTime()));
  const { published, updates } = incidentIn(path, ours);
  return updates.every(({ at }) => merged.has(at.getTime())) && published === incidentIn(path, theirs).published;
}

async function freeBranch(root: string, target: ProposalTarget, id: string): Promise<string> {
  const taken = await openBranches(root, target);
  for (let number = 1; ; number += 1) {
    const name = `${incidentBranches}${id}${number === 1 ? '' : `+${number}`}`;
    if (!taken.has(name)) return name;
  }
}

async function announce(context: Context, plan: ProposalPlan, ask: Ask | undefined): Promise<void> {
  const { path, branch, subject, target, isJoining } = plan;
  const { repository } = await pullAccess(context, target);
  const where = repository === undefined ? 'the pull request is yours to open' : `open a pull request in ${repository}`;
  tell(
    [
      `This is about to be done, on top of ${isJoining ? `${branch}, which is not merged yet` : `${target.remote}/${target.baseBranch}`}:`,
      `  write ${path}`,
      `  commit it to the branch ${branch}: ${subject}`,
      `  push that branch to ${target.remote}`,
      `  ${isJoining ? `${where}, unless one is open` : where}`,
      'Your own branch and files stay as they are.',
    ].join('\n'),
  );
  if ((await ask?.confirm('Go on?', true)) === false) throw new UsageError('Cancelled.', 'Nothing was committed.');
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
