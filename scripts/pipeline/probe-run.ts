import { join } from 'node:path';
import { Failure } from '../../lib/adapters/failure.ts';
import type { AskContext } from '../../lib/adapters/probes/ask.ts';
import { beginJournal, type RunJournal, removeJournal } from '../../lib/adapters/run-journal.ts';
import { LockHeld, withLock } from '../../lib/adapters/state/process-lock.ts';
import { makeStateFolder } from '../../lib/adapters/state/state-folder.ts';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import { newestResultAt, type RunResult } from '../../lib/policy/probe-run.ts';
import { judgeRun, siteOf, thisMachine } from '../../lib/policy/runner-offline.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import type { JournalHead } from '../../lib/schema/run-journal.ts';
import type { Sample } from '../../lib/schema/sample.ts';
import type { ProbesState, Transition } from '../../lib/schema/state.ts';
import { askQuestions, type Taken } from './ask-questions.ts';
import { foldIntoState, refuseSteppedClock } from './fold-into-state.ts';
import { foldLeftRun } from './fold-left-run.ts';
import { forbiddenTargets } from './forbidden-targets.ts';
import { type ProbePlan, type Question, readProbePlan } from './probe-plan.ts';
import { changesPublicly } from './public-change.ts';
import { recordChanges } from './record-changes.ts';

/** What a run is made with. */
export interface ProbeRunRequest {
  /** Absolute folder of the content. */
  readonly root: string;
  readonly store: StateStore;
  /** The folder for the journal of the run; `undefined` where the state is no folder, so that a killed run is lost. */
  readonly journalFolder: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: () => Date;
  /** How often runs are meant to be made, where it is not what the settings say. */
  readonly intervalSeconds?: number | undefined;
  /** Aborted when the run is to end early: what is finished is folded, the rest is `cut_off`. */
  readonly signal: AbortSignal;
}

/** What a run came to. */
export interface ProbeRunReport {
  readonly at: Date;
  /** How often runs are meant to be made. */
  readonly intervalSeconds: number;
  readonly probed: readonly RunResult[];
  /** Components that changed their status by this run or by what a killed one had left. */
  readonly changes: readonly Transition[];
  /** Whether the page would show another status than before; always after the first run. */
  readonly changed: boolean;
  readonly problems: readonly Problem[];
  /** What an operator should know of: a run that was killed, a state without a journal. */
  readonly notes: readonly string[];
}

/**
 * Ask every probe once and fold what it says into the state. Services that are down are a result and no error. Throws
 * `ProblemsFound` where nothing can be asked: settings that cannot be read, a clock that is behind the state.
 */
export async function runProbes(request: ProbeRunRequest): Promise<ProbeRunReport> {
  const { journalFolder: folder } = request;
  return folder === undefined ? runAlone(request) : onlyOneRun(folder, () => runAlone(request));
}

async function runAlone(request: ProbeRunRequest): Promise<ProbeRunReport> {
  const { root, store, env, clock } = request;
  const began = clock();
  const plan = await readProbePlan(root, env, began);
  const before = (await store.read('probes'))?.value;
  refuseSteppedClock(before, began);
  const { questions, brokenIds } = plan;
  const keeps = (id: string) => (brokenIds.has(id) ? 'broken_file' : undefined);
  const notes = await foldLeftRun(request, keeps);
  const intervalSeconds = request.intervalSeconds ?? plan.config.probe_interval_minutes * 60;
  if (questions.length === 0 && brokenIds.size === 0) {
    await recordChanges(store, plan, request);
    const { problems } = plan;
    return { at: began, intervalSeconds, probed: [], changes: [], changed: false, problems, notes };
  }
  const at = after(began, (await store.read('probes'))?.value);
  const samples = await sampled(request, plan, { at, intervalSeconds });
  const probed = resultsOf(questions, samples);
  const folded = await foldIntoState(store, { at, intervalSeconds, results: probed, keeps }, clock);
  if (request.journalFolder !== undefined) removeJournal(request.journalFolder);
  await recordChanges(store, plan, request);
  return {
    at,
    intervalSeconds,
    probed,
    changes: newTransitions(before, folded.after),
    changed: changesPublicly(before, folded.after, plan.components, at),
    problems: [...plan.problems, ...forbiddenTargets(plan, samples)],
    notes,
  };
}

/** Ask the probes of a plan once and fold nothing. */
export async function tryProbes(
  plan: ProbePlan,
  { signal, clock }: Pick<ProbeRunRequest, 'signal' | 'clock'>,
): Promise<Pick<ProbeRunReport, 'probed' | 'problems'>> {
  const taken = await askQuestions(plan.questions, {
    context: contextOf(plan, { signal, clock }),
    check: plan.config.connectivity_check,
    told: { finished: () => {}, checked: () => {} },
  });
  const samples = judged(plan.questions, taken);
  return {
    probed: resultsOf(plan.questions, samples),
    problems: [...plan.problems, ...forbiddenTargets(plan, samples)],
  };
}

async function onlyOneRun<T>(folder: string, work: () => Promise<T>): Promise<T> {
  await makeStateFolder(folder);
  try {
    return await withLock(join(folder, '.run.lock'), work, 0);
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error;
    const fix = 'Wait for it, or stop it; nothing was asked and nothing was changed.';
    throw new Failure(`Another run is under way for the state in ${folder}.`, { fix, cause: error });
  }
}

/** No two runs of a state have one instant, so that a journal that was folded is known by its own. */
function after(began: Date, state: ProbesState | undefined): Date {
  const newest = state === undefined ? undefined : newestResultAt(state);
  return newest === undefined || newest < began ? began : new Date(newest.getTime() + 1);
}

/** The samples of a run, judged; each is in the journal as soon as it is finished. */
async function sampled(
  request: ProbeRunRequest,
  plan: ProbePlan,
  run: { readonly at: Date; readonly intervalSeconds: number },
): Promise<readonly Sample[]> {
  const { journalFolder: folder } = request;
  const journal = folder === undefined ? noJournal : beginJournal(folder, headOf(plan.questions, run));
  try {
    const taken = await askQuestions(plan.questions, {
      context: contextOf(plan, request),
      check: plan.config.connectivity_check,
      told: journal,
    });
    return judged(plan.questions, taken);
  } finally {
    journal.close();
  }
}

const noJournal: RunJournal = { finished: () => {}, checked: () => {}, close: () => {} };

function headOf(
  questions: readonly Question[],
  run: { readonly at: Date; readonly intervalSeconds: number },
): JournalHead {
  const sites = [...new Set(questions.map(siteIn))];
  return {
    format: 1,
    at: run.at.getTime(),
    interval_seconds: run.intervalSeconds,
    asked: questions.map((question) => ({
      probe: question.probe,
      component: question.component,
      on_failure: question.onFailure,
      maintenance: question.maintenance,
      ...(siteIn(question) === thisMachine ? {} : { site: sites.indexOf(siteIn(question)) }),
    })),
  };
}

function siteIn({ asks }: Question): string {
  return asks === undefined ? '' : siteOf(asks);
}

function contextOf({ config }: ProbePlan, { signal, clock }: Pick<ProbeRunRequest, 'signal' | 'clock'>): AskContext {
  return {
    signal,
    allowPrivate: config.allow_private_targets,
    monotonicMs: () => performance.now(),
    now: clock(),
  };
}

function judged(questions: readonly Question[], { samples, connectivity }: Taken): readonly Sample[] {
  const asked = questions.flatMap((question, index) => {
    const sample = samples[index];
    return sample === undefined ? [] : [{ sample, site: siteIn(question) }];
  });
  return judgeRun(asked, connectivity);
}

function resultsOf(questions: readonly Question[], samples: readonly Sample[]): RunResult[] {
  return questions.flatMap(({ probe, component, onFailure, maintenance }, index) => {
    const sample = samples[index];
    return sample === undefined ? [] : [{ probe, component, onFailure, maintenance, sample }];
  });
}

function newTransitions(before: ProbesState | undefined, after: ProbesState): Transition[] {
  const newest = before === undefined ? undefined : newestResultAt(before);
  return after.pending.filter(({ known_at: knownAt }) => newest === undefined || knownAt > newest.getTime());
}
