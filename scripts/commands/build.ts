import { homedir } from 'node:os';
import { relative, resolve, sep } from 'node:path';
import { Command } from 'commander';
import { refusalOf } from '../../lib/adapters/output-refusal.ts';
import { githubReport } from '../../lib/content/report.ts';
import { stopsPage } from '../../lib/policy/rules.ts';
import { buildChanged, type ChangedBuild } from '../cli/build-changed.ts';
import { buildRequestOf } from '../cli/build-request.ts';
import { type Context, contextOf } from '../cli/context.ts';
import { ProblemsFound, UsageError } from '../cli/errors.ts';
import { progressBar } from '../cli/progress.ts';
import { type BuildResult, type BuildStage, buildSite } from '../pipeline/build-site.ts';
import { cacheDirFor, engineDir } from '../pipeline/engine.ts';

/** `candor build`: the static page and its JSON, in a folder that holds exactly what the public may fetch. */
export function command(): Command {
  return new Command('build')
    .description(
      'Write the static page and its JSON to a folder that holds exactly what the public may fetch.\nContent in which `candor check` finds an error is not built, unless the page is safe all the same (docs/rules.md).',
    )
    .requiredOption('--out <dir>', 'the folder to write: new, empty, or built before; what is stale in it is removed')
    .option(
      '--changed-since <file>',
      'only the files that differ from this list of published files; nothing is removed',
    )
    .addHelpText('after', examples)
    .action(async (options: { out: string; changedSince?: string }, self: Command) => {
      const context = contextOf(self);
      const out = resolve(options.out);
      await refuseUnlessOurs(out, context);
      const began = performance.now();
      if (options.changedSince !== undefined) {
        const changed = await buildChanged(context, out, options.changedSince);
        reportChanged(changed, { out, seconds: (performance.now() - began) / 1000, context });
        return;
      }
      const result = await build(out, context);
      const seconds = (performance.now() - began) / 1000;
      report(result, { out, seconds, context });
    });
}

const examples = `
Examples:
  candor build --out dist                             the page of this folder
  candor build --root ../status-content --out dist    the page of another folder
  candor build --out dist --format json               what was built, for programs
  candor build --out new --changed-since files.json   what a published page has not yet`;

async function refuseUnlessOurs(out: string, { root }: Context): Promise<void> {
  const refusal = await refusalOf(out, { root, others: [engineDir, homedir()], cacheDir: cacheDirFor(root) });
  if (refusal !== undefined) throw new UsageError(refusal.message, refusal.fix);
}

async function build(out: string, context: Context): Promise<BuildResult> {
  const bars = Object.fromEntries(
    Object.entries(labels).map(([stage, label]) => [stage, progressBar(process.stderr, label)]),
  );
  const shown = context.interactive && context.format === 'text';
  return buildSite({
    ...(await buildRequestOf(context, out)),
    onProgress: shown ? (stage, done, total) => bars[stage]?.(done, total) : undefined,
  });
}

const labels: Record<BuildStage, string> = { check: 'Checking', render: 'Rendering text', write: 'Writing pages' };

interface Built {
  readonly out: string;
  readonly seconds: number;
  readonly context: Context;
}

function report(result: BuildResult, built: Built): void {
  const { root, format, env } = built.context;
  if (result.model === undefined) process.exitCode = 1;
  if (format === 'json') process.stdout.write(jsonSummary(result, built));
  if (format === 'github') process.stdout.write(githubReport(result.problems, prefixOf(root, env['GITHUB_WORKSPACE'])));
  if (format === 'json') return;
  if (result.model === undefined && format === 'text') {
    throw new ProblemsFound(
      'Nothing was written, because the content does not pass the check:',
      result.problems.filter(stopsPage),
    );
  }
  process.stdout.write(result.model === undefined ? 'Nothing was written.\n' : textSummary(result, built));
}

function reportChanged(
  { rendered, bytes, written, gone, problems }: ChangedBuild,
  { out, seconds, context }: Built,
): void {
  if (context.format === 'json') {
    const took = Number(seconds.toFixed(3));
    const summary = {
      built: true,
      out,
      pages: rendered,
      bytes,
      written: written.length,
      gone,
      seconds: took,
      problems,
    };
    process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    return;
  }
  const left =
    gone.length === 0 ? '' : `; ${count(gone.length, 'file')} of the list ${gone.length === 1 ? 'is' : 'are'} gone`;
  const size = `${(bytes / 1_000_000).toFixed(1)} MB`;
  process.stdout.write(
    `${count(written.length, 'file')} that differ (${size}), in ${out}: ${count(rendered, 'page')} rendered in ${seconds.toFixed(1)} s${left}.\n`,
  );
}

function textSummary({ pages, written, removed, bytes, problems }: BuildResult, { out, seconds }: Built): string {
  const changes = [
    written.length === 0 ? 'nothing changed' : `${count(written.length, 'file')} written`,
    ...(removed.length === 0 ? [] : [`${count(removed.length, 'file')} removed`]),
  ];
  const size = (bytes / 1_000_000).toLocaleString('en', { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  const lines = [`${count(pages, 'page')}, ${size} MB, in ${out}: ${changes.join(', ')} in ${seconds.toFixed(1)} s.`];
  const [errors, warnings] = ['error', 'warning'].map((grade) => problems.filter(({ severity }) => severity === grade));
  if (errors?.length) lines.push(`${count(errors.length, 'error')} did not stop the page: see \`candor check\`.`);
  if (warnings?.length) lines.push(`${count(warnings.length, 'warning')}: see \`candor check\`.`);
  return `${lines.join('\n')}\n`;
}

function jsonSummary(
  { model, problems, pages, bytes, written, removed }: BuildResult,
  { out, seconds }: Built,
): string {
  const summary = {
    built: model !== undefined,
    out,
    pages,
    bytes,
    written: written.length,
    removed: removed.length,
    seconds: Number(seconds.toFixed(3)),
    problems,
  };
  return `${JSON.stringify(summary, null, 2)}\n`;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

/** How GitHub knows the root: relative to the repository, with forward slashes. */
function prefixOf(root: string, workspace: string | undefined): string {
  return relative(resolve(workspace ?? '.'), root).replaceAll(sep, '/');
}
