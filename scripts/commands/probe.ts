import { Command, Option } from 'commander';
import { isBucket } from '../../lib/adapters/state/open-state.ts';
import { nearest } from '../../lib/content/nearest.ts';
import { commonOption } from '../cli/common-options.ts';
import { type Context, contextOf } from '../cli/context.ts';
import { cutOffSignal } from '../cli/cut-off.ts';
import { ProblemsFound, UsageError } from '../cli/errors.ts';
import { parseInterval } from '../cli/interval.ts';
import { pageSettings } from '../cli/page-settings.ts';
import { type ProbeOutcome, reportProbes } from '../cli/probe-report.ts';
import { reportError } from '../cli/report-error.ts';
import { stateStoreOf } from '../cli/state-store.ts';
import { tellSteps } from '../cli/step-outputs.ts';
import { type ProbePlan, readProbePlan } from '../pipeline/probe-plan.ts';
import { type ProbeRunReport, type ProbeRunRequest, runProbes, tryProbes } from '../pipeline/probe-run.ts';

interface ProbeOptions {
  readonly once?: true;
  readonly watch?: true;
  readonly every?: number;
  readonly dryRun?: true;
}

/** `candor probe`: ask the questions of `probes/` and fold the answers into the state. */
export function command(): Command {
  return new Command('probe')
    .description(
      'Ask every question in probes/ and fold the answers into the state.\n' +
        'A service that is down is a result: the command ends with 0. It ends with 1 where a probe cannot be asked.',
    )
    .argument('[id...]', 'with --dry-run: only these probes')
    .addOption(new Option('--once', 'one run, then the end (the default)').conflicts(['watch', 'dryRun']))
    .addOption(new Option('--watch', 'one run after the other until it is stopped').conflicts('dryRun'))
    .option(
      '--every <time>',
      'with --watch: how often, such as 30s or 5m (default: as the settings say)',
      parseInterval,
    )
    .option('--dry-run', 'ask and say what came of it; the state is neither read nor written')
    .addHelpText('after', examples)
    .action(async (ids: string[], options: ProbeOptions, self: Command) => {
      const context = contextOf(self);
      refuseMisuse(ids, options, self);
      const signal = cutOffSignal();
      if (options.watch === true) await watch(context, signal, options.every);
      else await once(context, () => (options.dryRun === true ? tryOut(context, signal, ids) : run(context, signal)));
      // An answer of a name server that nobody waits for any more must not keep the process.
      process.stdout.write('', () => process.exit());
    });
}

const examples = `
Examples:
  candor probe                           one run, as a schedule makes it
  candor probe --watch --every 30s       on a machine that is always on
  candor probe --dry-run payments-api    try out a probe; nothing is written
  candor probe --format json             what came of it, for programs

A run that is stopped with Ctrl-C keeps what it has measured; stopping it twice ends it at once.`;

function refuseMisuse(ids: readonly string[], options: ProbeOptions, self: Command): void {
  if (ids.length > 0 && options.dryRun !== true) {
    throw new UsageError('A run asks every probe.', `To try out some: candor probe --dry-run ${ids.join(' ')}`);
  }
  if (options.every !== undefined && options.watch !== true) {
    throw new UsageError('--every is for --watch.', 'A single run takes its interval from probe_interval_minutes.');
  }
  if (options.watch === true && commonOption(self, 'now') !== undefined) {
    throw new UsageError('--watch goes by the clock.', 'Leave out --now, or make single runs.');
  }
}

/** Make one run and tell of it; problems of the content that prevent it are told of in the same way. */
async function once(context: Context, work: () => Promise<ProbeOutcome>): Promise<void> {
  let outcome: ProbeOutcome;
  try {
    outcome = await work();
  } catch (error) {
    if (!(error instanceof ProblemsFound) || context.format === 'text') throw error;
    outcome = { ...nothing, problems: error.problems };
  }
  reportProbes(outcome, context);
  if (outcome.problems.some(({ severity }) => severity === 'error')) process.exitCode = 1;
}

const nothing: ProbeOutcome = {
  at: undefined,
  dryRun: false,
  probed: [],
  changes: [],
  changed: false,
  problems: [],
  notes: [],
};

async function run(context: Context, signal: AbortSignal): Promise<ProbeOutcome> {
  const report = await runProbes(requestOf(context, signal));
  tellGithub(report, context);
  return { ...report, dryRun: false, notes: [...notesOf(context), ...report.notes, ...cutNotes(report)] };
}

async function tryOut(context: Context, signal: AbortSignal, ids: readonly string[]): Promise<ProbeOutcome> {
  const at = context.now();
  const plan = only(await readProbePlan(context.root, context.env, at), ids);
  return { ...nothing, ...(await tryProbes(plan, { signal, clock: context.now })), at, dryRun: true };
}

/** The plan with these probes alone, or with all where none is named. */
function only(plan: ProbePlan, ids: readonly string[]): ProbePlan {
  if (ids.length === 0) return plan;
  const known = [...plan.questions.map(({ probe }) => probe), ...plan.brokenIds];
  for (const id of ids) {
    if (known.includes(id)) continue;
    const like = nearest(id, known);
    throw new UsageError(
      `There is no probe ${id}.`,
      like === undefined ? `The probes are ${known.join(', ')}.` : `Did you mean ${like}?`,
    );
  }
  const questions = plan.questions.filter(({ probe }) => ids.includes(probe));
  const files = new Set(ids.map((id) => `probes/${id}.yml`));
  return { ...plan, questions, problems: plan.problems.filter(({ file }) => files.has(file)) };
}

async function watch(context: Context, signal: AbortSignal, intervalSeconds: number | undefined): Promise<void> {
  const { loopProbes } = await import('../pipeline/probe-loop.ts');
  const request = { ...requestOf(context, signal), intervalSeconds };
  for (const note of notesOf(context)) process.stdout.write(`${note}\n`);
  await loopProbes(request, {
    ran: (report) => {
      tellGithub(report, context);
      reportProbes({ ...report, dryRun: false, notes: [...report.notes, ...cutNotes(report)] }, context);
    },
    prune: async () => {
      const { pruneState } = await import('../pipeline/prune-state.ts');
      return pruneState(request.store, context.now());
    },
    failed: (error) => {
      process.stderr.write(reportError(error, { debug: context.debug, colour: process.stderr.isTTY === true }));
    },
  });
}

function requestOf(context: Context, signal: AbortSignal): ProbeRunRequest {
  return {
    root: context.root,
    store: stateStoreOf(context),
    journalFolder: isBucket(context.state) ? undefined : context.state,
    env: context.env,
    clock: context.now,
    signal,
  };
}

function notesOf(context: Context): string[] {
  return isBucket(context.state) ? ['The state is no folder: a run that is killed loses what it has measured.'] : [];
}

function cutNotes({ probed }: ProbeRunReport): string[] {
  const cut = probed.filter(({ sample }) => sample.kind === 'unmeasured' && sample.reason === 'cut_off').length;
  return cut === 0 ? [] : [`The run was cut off: ${cut} of ${probed.length} probes were not measured.`];
}

/** Steps of a workflow know by this whether the page has to be made again, and whether there is a bucket to publish to. */
function tellGithub({ changed }: ProbeRunReport, context: Context): void {
  tellSteps(context, { changed, publishes: pageSettings(context)?.bucket !== undefined });
}
