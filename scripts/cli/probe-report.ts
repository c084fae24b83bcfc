import { githubReport } from '../../lib/content/report.ts';
import type { RunResult } from '../../lib/policy/probe-run.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import type { Sample } from '../../lib/schema/sample.ts';
import type { Transition } from '../../lib/schema/state.ts';
import type { Context } from './context.ts';
import { problemsText } from './report-problems.ts';
import { repositoryPrefix } from './repository-prefix.ts';

/** What one run of probes came to, for whoever reads it. Holds no target, header, body or address. */
export interface ProbeOutcome {
  /** When the run began; `undefined` where none was made. */
  readonly at: Date | undefined;
  /** Whether the state was left as it was. */
  readonly dryRun: boolean;
  readonly probed: readonly RunResult[];
  readonly changes: readonly Transition[];
  /** Whether the page would show another status than before. */
  readonly changed: boolean;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

/** Print an outcome: results to standard output; for people, problems to standard error. */
export function reportProbes(outcome: ProbeOutcome, context: Context): void {
  const { format } = context;
  if (format === 'json') process.stdout.write(`${JSON.stringify(jsonOf(outcome))}\n`);
  if (format === 'github') process.stdout.write(githubReport(outcome.problems, repositoryPrefix(context)));
  if (format !== 'json') process.stdout.write(textOf(outcome));
  if (format === 'text' && outcome.problems.length > 0) {
    process.stderr.write(problemsText(outcome.problems, { colour: process.stderr.isTTY === true }));
  }
}

function textOf({ at, probed, changes, notes, problems, dryRun }: ProbeOutcome): string {
  const none = at === undefined || problems.length > 0 ? [] : ['There is no probe to ask: write one in probes/.'];
  const blocks = [
    notes,
    probed.length === 0 ? none : tableOf(probed),
    dryRun && probed.length > 0 ? ['Tried out: the state is as it was.'] : changes.map(changeLine),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function tableOf(probed: readonly RunResult[]): string[] {
  const rows = [
    ['probe', 'component', 'result'],
    ...probed.map(({ probe, component, sample }) => [probe, component, said(sample)]),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

function said(sample: Sample): string {
  if (sample.kind === 'pass') return `pass ${Math.round(sample.latencyMs).toLocaleString('en')} ms`;
  return sample.kind === 'fail' ? `fail ${sample.reason}` : `not measured: ${sample.reason}`;
}

/** A component that changed, on one line. */
export function changeLine({ component, before, after, since }: Transition): string {
  return `${component}: ${words(before)} → ${words(after)}, since ${instant(since)}`;
}

function words(status: string): string {
  return status.replaceAll('_', ' ');
}

function instant(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function jsonOf({ at, dryRun, probed, changes, changed, problems, notes }: ProbeOutcome): object {
  return {
    at: at?.toISOString() ?? null,
    dry_run: dryRun,
    changed,
    probes: probed.map(({ probe, component, sample }) => ({
      probe,
      component,
      result: sample.kind,
      latency_ms: sample.kind === 'pass' ? Math.round(sample.latencyMs * 10) / 10 : null,
      reason: sample.kind === 'pass' ? null : sample.reason,
    })),
    changes: changes.map(({ component, before, after, since, known_at: knownAt }) => ({
      component,
      before,
      after,
      since: new Date(since).toISOString(),
      known_at: new Date(knownAt).toISOString(),
    })),
    problems,
    notes,
  };
}
