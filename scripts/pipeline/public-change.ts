import { observedHealth } from '../../lib/policy/component-health.ts';
import { isActive } from '../../lib/policy/override.ts';
import { newestResultAt } from '../../lib/policy/probe-run.ts';
import type { Component } from '../../lib/schema/component.ts';
import type { ProbesState } from '../../lib/schema/state.ts';
import type { ComponentStatus } from '../../lib/schema/status.ts';

/**
 * Whether a page that was made before a run would show another status than one made after it. It may have been made
 * right after the run before, or at any time since, when silence or the end of an override had changed it.
 */
export function changesPublicly(
  before: ProbesState | undefined,
  after: ProbesState,
  components: readonly Component[],
  now: Date,
): boolean {
  if (before === undefined) return true;
  const earlier = newestResultAt(before) ?? now;
  const shown = statusesAt(after, now);
  return (
    differ(statusesAt(before, earlier), shown) ||
    differ(statusesAt(before, now), shown) ||
    components.some(({ override }) => override !== undefined && isActive(override, earlier) !== isActive(override, now))
  );
}

type Statuses = ReadonlyMap<string, ComponentStatus>;

/** Every component by the probes that were asked in the newest run. */
function statusesAt(state: ProbesState, at: Date): Statuses {
  const newest = newestResultAt(state)?.getTime();
  const present = state.probes.filter(({ results }) => results.at(-1)?.[0] === newest);
  const byComponent = Map.groupBy(present, ({ component }) => component);
  return new Map(
    Array.from(byComponent, ([id, records]) => [id, observedHealth(records, state.interval_seconds, at).status]),
  );
}

function differ(a: Statuses, b: Statuses): boolean {
  return a.size !== b.size || [...a].some(([id, status]) => b.get(id) !== status);
}
