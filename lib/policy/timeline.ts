import type { ComponentId } from '../schema/identifier.ts';
import type { Incident } from '../schema/incident.ts';
import type { ReportedStatus } from '../schema/status.ts';
import { worseOf } from './rollup.ts';

/** A stretch of time in which an incident said one thing of a component; `until` is exclusive. */
export interface Stretch {
  readonly component: ComponentId;
  readonly status: ReportedStatus;
  readonly from: Date;
  readonly until: Date;
}

/**
 * What an incident said of each component, and for how long, up to `now`. It ends when the trouble did: at `resolvedAt`
 * where that is known, else with the resolved update.
 */
export function stretchesOf(incident: Incident, now: Date): Stretch[] {
  const end = endOf(incident) ?? now;
  const changes = changesOf(incident);
  return changes.flatMap(({ component, status, at }, index) => {
    const next = changes.slice(index + 1).find((change) => change.component === component);
    const until = next !== undefined && next.at < end ? next.at : end;
    return at < until ? [{ component, status, from: at, until }] : [];
  });
}

/** When the trouble of an incident ended, or `undefined` while it is open. */
export function endOf(incident: Incident): Date | undefined {
  const last = incident.updates.at(-1);
  if (last === undefined || last.state !== 'resolved') return undefined;
  return incident.resolvedAt ?? last.at;
}

/** The status of each component that an incident ever named: the newest while it is open, the worst once it is resolved. */
export function affectedBy(incident: Incident): ReadonlyMap<ComponentId, ReportedStatus> {
  const resolved = endOf(incident) !== undefined;
  const affected = new Map<ComponentId, ReportedStatus>();
  for (const { component, status } of changesOf(incident)) {
    const known = affected.get(component);
    affected.set(component, resolved && known !== undefined ? worseOf(known, status) : status);
  }
  return affected;
}

interface Change {
  readonly component: ComponentId;
  readonly status: ReportedStatus;
  readonly at: Date;
}

function changesOf(incident: Incident): Change[] {
  const first = [...incident.components].map(([component, status]) => ({ component, status, at: incident.startedAt }));
  const later = incident.updates.flatMap((update) =>
    [...update.components].map(([component, status]) => ({ component, status, at: update.at })),
  );
  return [...first, ...later];
}
