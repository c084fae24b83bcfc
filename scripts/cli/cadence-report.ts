import { githubReport, visible } from '../../lib/content/report.ts';
import { isOverdue, nextUpdateDue } from '../../lib/policy/cadence.ts';
import { problem } from '../../lib/policy/rules.ts';
import type { Incident } from '../../lib/schema/incident.ts';
import { formatInstant } from '../../lib/schema/instant.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import type { Context } from './context.ts';
import { problemsText } from './report-problems.ts';
import { repositoryPrefix } from './repository-prefix.ts';
import { commandFor } from './typed-command.ts';

/** What `cadence` says of these incidents and of files that could not be read, and whether an update is overdue. */
export function cadenceReport(
  incidents: readonly Incident[],
  problems: readonly Problem[],
  context: Context,
  now: Date,
): { readonly report: string; readonly isOverdue: boolean } {
  const owed = incidents.flatMap((incident) => owedBy(incident, now) ?? []);
  const sorted = owed.toSorted((a, b) => a.due.getTime() - b.due.getTime());
  return { report: reports[context.format](sorted, problems, context), isOverdue: owed.some((one) => one.overdue) };
}

/** The next update that an incident owes. */
interface Owed {
  readonly incident: Incident;
  readonly line: number;
  readonly column: number;
  readonly lastAt: Date;
  readonly due: Date;
  readonly overdue: boolean;
  /** Whole minutes from `due` until now, negative before. */
  readonly minutesLate: number;
}

function owedBy(incident: Incident, now: Date): Owed | undefined {
  const due = nextUpdateDue(incident);
  const last = incident.updates.at(-1);
  if (due === undefined || last === undefined) return undefined;
  const minutesLate = Math.trunc((now.getTime() - due.getTime()) / 60_000);
  return { incident, ...last.position, lastAt: last.at, due, overdue: isOverdue(incident, now), minutesLate };
}

type Report = (owed: readonly Owed[], problems: readonly Problem[], context: Context) => string;

const reports: Readonly<Record<Context['format'], Report>> = {
  text: textReport,
  json: jsonReport,
  github: annotations,
};

function jsonReport(owed: readonly Owed[]): string {
  const list = owed.map(({ incident, line, lastAt, due, overdue, minutesLate }) => ({
    incident: incident.id,
    title: incident.title,
    file: incident.file,
    line,
    state: incident.state,
    last_update_at: formatInstant(lastAt),
    due_at: formatInstant(due),
    overdue,
    overdue_minutes: Math.max(0, minutesLate),
  }));
  return `${JSON.stringify(list, null, 2)}\n`;
}

function textReport(owed: readonly Owed[], problems: readonly Problem[], context: Context): string {
  const blocks = owed.map((one) => {
    const { incident, lastAt, due } = one;
    return [
      `${lateness(one)}  ${visible(incident.title)}`,
      `  ${incident.state}; last update ${clockTime(lastAt)}, next due ${clockTime(due)} UTC`,
      `  ${commandFor(context, `incident update ${incident.id}`)}`,
    ].join('\n');
  });
  const unread =
    problems.length === 0
      ? []
      : [`These incidents cannot be read:\n\n${problemsText(problems, { colour: false }).trimEnd()}`];
  if (blocks.length === 0 && unread.length === 0) return 'No update is owed: no incident is open.\n';
  return `${[...blocks, ...unread].join('\n\n')}\n`;
}

function lateness({ overdue, minutesLate }: Owed): string {
  return overdue ? `OVERDUE by ${duration(minutesLate)}` : `due in ${duration(-minutesLate)}`;
}

function duration(minutes: number): string {
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  const parts = [days > 0 ? `${days} d` : '', hours > 0 ? `${hours} h` : '', `${minutes % 60} min`];
  return parts.filter((part) => part !== '').join(' ');
}

/** Overdue updates are errors here, the others warnings: a job that reminds people ends with 1 for the former. */
function annotations(owed: readonly Owed[], problems: readonly Problem[], context: Context): string {
  const reminders = owed.map((one): Problem => {
    const { incident, line, column, due, overdue } = one;
    const when = `The next update ${overdue ? 'was' : 'is'} due at ${formatInstant(due)}: ${lateness(one)}.`;
    const fix = `Run \`candor incident update ${incident.id}\`, even if only to say that work goes on.`;
    const found = problem('update-overdue', incident.file, { line, column }, when, fix);
    return { ...found, rule: overdue ? found.rule : 'update-due', severity: overdue ? 'error' : 'warning' };
  });
  return githubReport([...reminders, ...problems], repositoryPrefix(context));
}

function clockTime(at: Date): string {
  return formatInstant(at).slice(0, 16).replace('T', ' ');
}
