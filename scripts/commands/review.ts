import { appendFileSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { gitLineOrNone } from '../../lib/adapters/git.ts';
import { githubReport } from '../../lib/content/report.ts';
import { SubscriberCounts } from '../../lib/schema/subscriber-counts.ts';
import { type ReviewFacts, reviewReport } from '../../lib/snapshot/review-report.ts';
import { githubStyle, textStyle } from '../../lib/snapshot/review-style.ts';
import { type Context, contextOf } from '../cli/context.ts';
import { UsageError } from '../cli/errors.ts';
import { reviewChange } from '../cli/review-change.ts';

interface ReviewOptions {
  readonly base: string;
  readonly subscribers?: string;
}

/** `candor review`: what a change makes public, and what policy says about it. */
export function command(): Command {
  return new Command('review')
    .description(
      'Tell a reviewer what a change comes to: its problems and what to do about them, what becomes public word for word,\n' +
        'who gets mail, when the next update is due, and what was redacted, by kind and line only.\n' +
        'In a workflow the problems are annotations beside the lines, and the rest is the summary of the job.',
    )
    .requiredOption('--base <ref|dir>', 'the content as it was, in a folder or at a git ref')
    .option(
      '--subscribers <file>',
      'how many get mail, as `candor subscribers counts` writes it; - reads standard input',
    )
    .addHelpText('after', examples)
    .action(async (options: ReviewOptions, self: Command) => {
      const context = contextOf(self);
      const facts = await reviewChange(context, options.base, countsIn(options.subscribers));
      process.stdout.write(await report(facts, context));
      summarize(facts, context);
      if (facts.problems.some(({ severity }) => severity === 'error')) process.exitCode = 1;
    });
}

const examples = `
Examples:
  candor review --base origin/main                        what a reviewer will see
  candor review --base origin/main --subscribers counts.json
  candor review --root pull-request --base HEAD^1 --format github   in a workflow`;

function countsIn(file: string | undefined): SubscriberCounts | undefined {
  if (file === undefined) return undefined;
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof Error && 'code' in error)) throw error;
    throw noCounts(file);
  }
  const counts = SubscriberCounts.safeParse(data);
  if (!counts.success) throw noCounts(file);
  return counts.data;
}

function noCounts(file: string): UsageError {
  return new UsageError(
    `--subscribers ${file} is not what \`candor subscribers counts\` writes.`,
    'Give it that file, or leave the option out: the review then says that the numbers are not known.',
  );
}

async function report(facts: ReviewFacts, context: Context): Promise<string> {
  if (context.format === 'json') return `${JSON.stringify(jsonOf(facts), null, 2)}\n`;
  if (context.format === 'text') return reviewReport(facts, textStyle);
  const prefix = (await gitLineOrNone(context.root, ['rev-parse', '--show-prefix'])) ?? '';
  return githubReport(facts.problems, prefix.replace(/\/$/, ''));
}

function jsonOf({ problems, review, redactions, drafts, subscribers }: ReviewFacts) {
  return { problems, public: review ?? null, redacted: redactions, drafts, subscribers: subscribers ?? null };
}

/** GitHub keeps 1 MiB of a step's summary, and nothing of one that is longer. */
const mostBytes = 1_000_000;

function summarize(facts: ReviewFacts, { env }: Context): void {
  const file = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (file === '') return;
  const text = reviewReport(facts, githubStyle);
  const bytes = Buffer.byteLength(text);
  const cut = 'The summary is longer than GitHub shows. `candor review --base` in a clone tells all of it.\n';
  appendFileSync(file, bytes <= mostBytes ? text : `${cutAt(text, mostBytes)}\n\n${cut}`);
}

/** The blocks of a text that fit, none of them in part. */
function cutAt(text: string, bytes: number): string {
  const start = Buffer.from(text).subarray(0, bytes).toString('utf8');
  return start.slice(0, Math.max(0, start.lastIndexOf('\n\n')));
}
