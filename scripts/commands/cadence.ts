import { Command } from 'commander';
import { readContentRoot } from '../../lib/adapters/content-folder.ts';
import { readIncidentFile } from '../../lib/content/incident-file.ts';
import { mayBeOpen } from '../../lib/content/resolved-mark.ts';
import type { Incident } from '../../lib/schema/incident.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import { cadenceReport } from '../cli/cadence-report.ts';
import { type Context, contextOf } from '../cli/context.ts';
import { problemsText } from '../cli/report-problems.ts';

/** `candor cadence`: when the public is owed its next updates. */
export function command(): Command {
  return new Command('cadence')
    .description(
      'List when the next update of each open incident is due, the most urgent first.\nEnds with 1 where one is overdue, or where an incident cannot be read.',
    )
    .addHelpText(
      'after',
      `
Examples:
  candor cadence                   what is owed, and what to type
  candor cadence --format json     for a program that reminds people
  candor cadence --format github   annotations of a scheduled job`,
    )
    .action(async (_options: unknown, self: Command) => {
      const context = contextOf(self);
      const { incidents, problems } = await readIncidents(context);
      const { report, isOverdue } = cadenceReport(incidents, problems, context, context.now());
      process.stdout.write(report);
      if (context.format === 'json' && problems.length > 0)
        process.stderr.write(problemsText(problems, { colour: false }));
      if (isOverdue || problems.length > 0) process.exitCode = 1;
    });
}

/** Every incident that can be read, and why the others cannot be. */
async function readIncidents(context: Context): Promise<{ incidents: Incident[]; problems: Problem[] }> {
  const root = await readContentRoot(context.root);
  const isOfIncidents = ({ file }: Problem) => file === '.' || file.startsWith('incidents');
  const problems = root.problems.filter(isOfIncidents);
  const incidents: Incident[] = [];
  for (const file of root.files) {
    if (!file.path.startsWith('incidents/') || !mayBeOpen(file)) continue;
    const result = readIncidentFile(file);
    if (result.incident !== undefined) incidents.push(result.incident);
    else problems.push(...result.problems.filter(({ severity }) => severity === 'error'));
  }
  return { incidents, problems };
}
