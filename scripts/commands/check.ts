import { statSync } from 'node:fs';
import { Command } from 'commander';
import pc from 'picocolors';
import { readContentRoot } from '../../lib/adapters/content-folder.ts';
import { readGitContent, UnknownRef } from '../../lib/adapters/git-content.ts';
import { checkContent } from '../../lib/content/check-content.ts';
import type { SourceFile } from '../../lib/content/content.ts';
import { sorted } from '../../lib/content/parse-content.ts';
import { githubReport, jsonReport, type Paint, textReport } from '../../lib/content/report.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import { type Context, contextOf } from '../cli/context.ts';
import { UsageError } from '../cli/errors.ts';
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
      const { problems, fileCount } = await check(context, options.base);
      process.stdout.write(report(problems, fileCount, context));
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

async function check(context: Context, base: string | undefined): Promise<{ problems: Problem[]; fileCount: number }> {
  const root = await readContentRoot(context.root);
  if (root.files.length === 0 && root.problems.length > 0) return { problems: [...root.problems], fileCount: 0 };
  const { problems } = checkContent(root.files, {
    now: context.now(),
    base: base === undefined ? undefined : await readBase(context.root, base),
    redactNames: redactNamesOf(context.env),
    unread: root.problems.map(({ file }) => file),
    onProgress: context.interactive && context.format === 'text' ? progressBar(process.stderr, 'Checking') : undefined,
  });
  return { problems: sorted([...root.problems, ...problems]), fileCount: root.files.length };
}

async function readBase(root: string, base: string): Promise<readonly SourceFile[]> {
  if (statSync(base, { throwIfNoEntry: false })?.isDirectory() !== true) return readRef(root, base);
  const { files, problems } = await readContentRoot(base);
  const none = problems.find(({ rule }) => rule === 'no-content');
  if (none !== undefined)
    throw new UsageError(`--base ${base}: ${none.message}`, 'Name the folder of the content as it was.');
  return files;
}

async function readRef(root: string, ref: string): Promise<readonly SourceFile[]> {
  try {
    return await readGitContent(root, ref);
  } catch (error) {
    throw error instanceof UnknownRef ? new UsageError(error.message, error.fix) : error;
  }
}

function report(problems: readonly Problem[], fileCount: number, context: Context): string {
  if (context.format === 'json') return jsonReport(problems);
  if (context.format === 'github') return githubReport(problems, repositoryPrefix(context));
  return textReport(problems, fileCount, paintFor(process.stdout.isTTY === true && pc.isColorSupported));
}

function paintFor(colour: boolean): Paint {
  const { bold, red, yellow, dim } = pc.createColors(colour);
  return { file: bold, error: red, warning: yellow, faint: dim };
}
