import type { Incident } from '../schema/incident.ts';
import { formatInstant } from '../schema/instant.ts';
import type { Problem } from '../schema/problem.ts';
import { maxSilenceMinutes } from './constants.ts';
import { problem } from './rules.ts';

/** When the next public update is due, or `undefined` where nothing is owed: resolved, imported, or a draft. */
export function nextUpdateDue(incident: Incident): Date | undefined {
  const last = incident.updates.at(-1);
  if (last === undefined || last.state === 'resolved') return undefined;
  if (!incident.published || incident.importedFrom !== undefined) return undefined;
  return new Date(last.at.getTime() + maxSilenceMinutes[last.state] * 60_000);
}

/** Whether the next update of an incident should have come before `now`. */
export function isOverdue(incident: Incident, now: Date): boolean {
  const due = nextUpdateDue(incident);
  return due !== undefined && due < now;
}

/** A warning where visitors wait for an update. Silences of the past are facts, and no problems. */
export function cadenceProblems(incident: Incident, now: Date): Problem[] {
  const last = incident.updates.at(-1);
  const due = nextUpdateDue(incident);
  if (last === undefined || last.state === 'resolved' || due === undefined || due >= now) return [];
  return [
    problem(
      'update-overdue',
      incident.file,
      last.position,
      `The next update was due at ${formatInstant(due)}: ${last.state} promises one every ${maxSilenceMinutes[last.state]} minutes.`,
      `Run \`candor incident update ${incident.id}\`, even if only to say that work goes on.`,
    ),
  ];
}
