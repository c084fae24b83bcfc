import { Command } from 'commander';
import pc from 'picocolors';
import { checkContent } from '../../lib/content/check-content.ts';
import { sorted } from '../../lib/content/parse-content.ts';
import { githubReport, jsonReport, type Paint, textReport } from '../../lib/content/report.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import { readChange } from '../cli/content-change.ts';
import { type Context, contextOf } from '../cli/context.ts';
import { pageSettings } from '../cli/page-settings.ts';
import { progressBar } from '../cli/progress.ts';
import { redactNamesOf } from '../cli/redact-names.ts';
import { repositoryPrefix } from '../cli/repository-prefix.ts';
import { tellSteps } from '../cli/step-outputs.ts';

/** `candor check`: every problem of a content root at once. */
export function command(): Command {
  return new Command('check')
    .description(
      'Report every problem of the content at once: file, line, column, what is wrong and what to do.\nEnds with 1 where there is an error, and with 0 where there are warnings alone.',
    )
    .option(
      '--base <ref|dir>',
      'also report what a change may not do to what was published; the content as it was, in a folder or at a git ref',
    )
    .addHelpText('after', examples)
    .action(async (options: { base?: string }, self: Command) => {
      const context = contextOf(self);
      const checked = await check(context, options.base);
      const { problems } = checked;
      process.stdout.write(report(checked, context));
      tellSteps(context, { publishes: pageSettings(context)?.bucket !== undefined });
      if (problems.some(({ severity }) => severity === 'error')) process.exitCode = 1;
    });
}

const examples = `
Examples:
  candor check                             the content of this folder
  candor check --base origin/main          what a reviewer should know before a merge
  candor check --base ../before            the same against a folder (a folder wins over a ref of that name)
  candor check --format json               for programs
  candor check --format github             annotations beside the lines of a pull request`;

interface Checked {
  readonly problems: readonly Problem[];
  readonly fileCount: number;
  readonly leftCount: number;
}

async function check(context: Context, base: string | undefined): Promise<Checked> {
  const change = await readChange(context.root, base);
  const { files, problems: unreadable, left } = change.head;
  if (files.length === 0 && unreadable.length > 0) return { problems: unreadable, fileCount: 0, leftCount: 0 };
  const { problems } = checkContent(files, {
    now: context.now(),
    base: change.base,
    redactNames: redactNamesOf(context.env),
    unread: [...unreadable.map(({ file }) => file), ...left],
    onProgress: context.interactive && context.format === 'text' ? progressBar(process.stderr, 'Checking') : undefined,
  });
  return {
    problems: sorted([...unreadable, ...change.odd, ...problems]),
    fileCount: files.length,
    leftCount: left.length,
  };
}

function report({ problems, fileCount, leftCount }: Checked, context: Context): string {
  if (context.format === 'json') return jsonReport(problems);
  if (context.format === 'github') return githubReport(problems, repositoryPrefix(context));
  const text = textReport(problems, fileCount, paintFor(process.stdout.isTTY === true && pc.isColorSupported));
  return leftCount === 0 ? text : `${text}${leftText(leftCount)}\n`;
}

function leftText(count: number): string {
  if (count === 1) return 'One other incident is as before, and the change cannot affect it.';
  return `${count.toLocaleString('en')} other incidents are as before, and the change cannot affect them.`;
}

function paintFor(colour: boolean): Paint {
  const { bold, red, yellow, dim } = pc.createColors(colour);
  return { file: bold, error: red, warning: yellow, faint: dim };
}
