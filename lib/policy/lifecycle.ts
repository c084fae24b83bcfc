import type { Incident } from '../schema/incident.ts';
import { formatInstant } from '../schema/instant.ts';
import type { Problem } from '../schema/problem.ts';
import { IncidentState } from '../schema/status.ts';
import { finalUpdateMinutes } from './constants.ts';
import { fileStart, problem, type RuleId } from './rules.ts';

/** What is wrong with the course of one incident, as of `now`. */
export function lifecycleProblems(incident: Incident, now: Date): Problem[] {
  const { file, updates, importedFrom } = incident;
  return [
    ...courseProblems({ file, updates, imported: importedFrom !== undefined, complete: true }, now),
    ...frontMatterProblems(incident),
    ...resolutionProblems(incident),
    ...idProblems(incident),
  ];
}

/** The course of an incident: its updates, and whether they are all there is. */
export interface Course extends Pick<Incident, 'file' | 'updates'> {
  readonly imported: boolean;
  readonly complete: boolean;
}

/** What is wrong with the order of updates, in time and, where they are complete, in state. */
export function courseProblems(course: Course, now: Date): Problem[] {
  return [...(course.complete ? stateProblems(course) : []), ...timeProblems(course, now)];
}

/** The states that an incident has passed, or may: each is reached from the one before it. */
const states = IncidentState.options;

/** The step after a state, or `undefined` after the last. */
export function nextState(state: IncidentState): IncidentState | undefined {
  return states[states.indexOf(state) + 1];
}

function stateProblems({ updates, file, imported }: Course): Problem[] {
  return updates.flatMap((update, index) => {
    const fault = stepFault(updates[index - 1]?.state, update.state, imported);
    return fault === undefined ? [] : [problem(fault.rule, file, update.position, fault.message, fault.fix)];
  });
}

interface Fault {
  readonly rule: RuleId;
  readonly message: string;
  readonly fix: string;
}

/** What is wrong with a step from one state to the next, or into the first. Imported history may skip states. */
function stepFault(before: IncidentState | undefined, state: IncidentState, imported: boolean): Fault | undefined {
  if (before === 'resolved') return faults.afterResolved;
  const from = before === undefined ? -1 : states.indexOf(before);
  const to = states.indexOf(state);
  if (to < from) return faults.backwards(before ?? state, state, imported);
  if (to <= from + 1 || imported) return undefined;
  return before === undefined ? faults.first(state) : faults.skipped(before, state);
}

const faults = {
  afterResolved: {
    rule: 'after-resolved',
    message: 'There is an update after the incident was resolved.',
    fix: 'Delete the update; if the trouble is back, run `candor incident new`.',
  },
  first: (state: IncidentState): Fault => ({
    rule: 'first-state',
    message: `The first update is ${state}; an incident begins with investigating.`,
    fix: 'Put an investigating update before it: what was known at first.',
  }),
  backwards: (before: IncidentState, state: IncidentState, imported: boolean): Fault => ({
    rule: imported ? 'imported-backwards' : 'state-backwards',
    message: `The state goes back from ${before} to ${state}.`,
    fix: imported
      ? `Write ${before} or a later state; imported history may skip states but not go back.`
      : `Write ${before} or a later state; say in the text what has changed.`,
  }),
  skipped: (before: IncidentState, state: IncidentState): Fault => ({
    rule: 'state-skipped',
    message: `The state goes from ${before} to ${state} and skips ${between(before, state).join(' and ')}.`,
    fix: `Write an update in the state ${nextState(before)} before it.`,
  }),
} as const;

function between(before: IncidentState, state: IncidentState): readonly IncidentState[] {
  return states.slice(states.indexOf(before) + 1, states.indexOf(state));
}

function timeProblems({ updates, file }: Course, now: Date): Problem[] {
  return updates.flatMap((update, index) => {
    const before = updates[index - 1];
    const problems: Problem[] = [];
    if (before !== undefined && update.at <= before.at) {
      const same = update.at.getTime() === before.at.getTime();
      const message = `The update is ${same ? 'of the same instant as' : 'earlier than'} the one before it, ${formatInstant(before.at)}.`;
      problems.push(
        problem(
          'update-order',
          file,
          update.position,
          message,
          'Put the updates oldest first, each at an instant of its own.',
        ),
      );
    }
    if (update.at > now) {
      const message = `The update lies in the future: it is ${formatInstant(now)} now.`;
      problems.push(
        problem('update-in-future', file, update.position, message, 'Write when it was posted; mind the zone.'),
      );
    }
    return problems;
  });
}

function frontMatterProblems(incident: Incident): Problem[] {
  const problems: Problem[] = [];
  const report = (rule: RuleId, key: string, message: string, fix: string) => {
    problems.push(problem(rule, incident.file, incident.positions.get(key) ?? fileStart, message, fix));
  };
  const [first] = incident.updates;
  const last = incident.updates.at(-1);
  const goesOn = incident.updates.slice(0, -1).some((update) => update.state === 'resolved');
  if (last !== undefined && last.state !== incident.state && !goesOn) {
    const message = `\`state\` is ${incident.state}, and the newest update is ${last.state}.`;
    report('state-mismatch', 'state', message, `Write \`state: ${last.state}\`, or add the update that is missing.`);
  }
  if (incident.importedFrom !== undefined && last?.state !== 'resolved') {
    const fix = 'Delete `imported_from`, or bring the whole history with its resolved update.';
    report('imported-open', 'imported_from', 'An incident that was imported is not resolved.', fix);
  }
  if (incident.autoDetected) {
    report(
      'auto-detected',
      'auto_detected',
      '`auto_detected` is true; nothing detects incidents yet.',
      'Write `auto_detected: false`, or leave it out.',
    );
  }
  if (first !== undefined && incident.startedAt > first.at) {
    const message = `\`started_at\` is later than the first update, ${formatInstant(first.at)}.`;
    report(
      'started-late',
      'started_at',
      message,
      'Write when the trouble began; that update was its first sign at the latest.',
    );
  }
  return problems;
}

/** The end of the trouble, where it is stated: after its start, and announced within the promised time. */
function resolutionProblems(incident: Incident): Problem[] {
  const { resolvedAt, startedAt, importedFrom } = incident;
  if (resolvedAt === undefined) return [];
  const at = incident.positions.get('resolved_at') ?? fileStart;
  const report = (rule: RuleId, message: string, fix: string) => [problem(rule, incident.file, at, message, fix)];
  const resolved = incident.updates.find((update) => update.state === 'resolved');
  if (resolved === undefined) {
    const fix = 'Delete `resolved_at`, or add the resolved update.';
    return report('resolved-at', '`resolved_at` is given, and no update says resolved.', fix);
  }
  if (resolvedAt < startedAt) {
    return report('resolved-at', '`resolved_at` is earlier than `started_at`.', 'Write when the trouble ended.');
  }
  if (resolvedAt > resolved.at) {
    const message = `\`resolved_at\` is later than the resolved update, ${formatInstant(resolved.at)}.`;
    return report('resolved-at', message, 'Write when the trouble ended, not when it was announced.');
  }
  const minutes = (resolved.at.getTime() - resolvedAt.getTime()) / 60_000;
  if (minutes <= finalUpdateMinutes || importedFrom !== undefined) return [];
  const message = `The resolved update came ${Math.ceil(minutes)} minutes after \`resolved_at\`; at most ${finalUpdateMinutes} are allowed.`;
  return report(
    'final-update-late',
    message,
    'State the end that was confirmed last, or leave `resolved_at` out: then the update tells it.',
  );
}

const dayMs = 86_400_000;

/** The day in an id may be that of any zone, so a day more or less than in UTC is right. */
function idProblems(incident: Incident): Problem[] {
  const date = incident.id.slice(0, 10);
  const day = Date.parse(date);
  const started = Math.floor(incident.startedAt.getTime() / dayMs) * dayMs;
  if (Math.abs(day - started) <= dayMs) return [];
  const at = incident.positions.get('started_at') ?? fileStart;
  const message = `The id says ${date}, and the trouble began on ${formatInstant(incident.startedAt).slice(0, 10)}.`;
  return [
    problem('id-date', incident.file, at, message, 'Rename the file while it is a draft, or correct `started_at`.'),
  ];
}
