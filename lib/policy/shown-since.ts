import type { Component } from '../schema/component.ts';
import type { ComponentStatus } from '../schema/status.ts';
import { isActive } from './override.ts';
import { worseOf } from './rollup.ts';
import type { Stretch } from './timeline.ts';

/** What is known of a component's past, to tell since when it shows `status`. */
export interface ShownFacts {
  /** What it shows at `now`, by `componentStatus`. */
  readonly status: ComponentStatus;
  /** What published incidents said of this component, up to `now`. */
  readonly stretches: readonly Stretch[];
  /** What its probes say and since when; absent where it has none. */
  readonly observed: { readonly status: ComponentStatus; readonly since: Date | undefined } | undefined;
  readonly now: Date;
}

/**
 * Since when a component shows what it shows, or `undefined` where that is not known. An active override holds since it
 * was set. Else it is the beginning of what probes or incidents say without a break, but not before the end of what an
 * incident said that was worse. An override that is over is as if it had never been.
 */
export function shownSince(
  { override }: Pick<Component, 'override'>,
  { status, stretches, observed, now }: ShownFacts,
): Date | undefined {
  if (override !== undefined && isActive(override, now)) return override.setAt;
  const worse = stretches.filter((stretch) => isWorse(stretch.status, status)).map(({ until }) => until);
  const endOfWorse = latest(worse);
  if (observed === undefined && status === 'operational') return endOfWorse;
  const beginning = unbrokenBeginning({ status, stretches, observed, now });
  if (beginning === undefined) return undefined;
  return latest(endOfWorse === undefined ? [beginning] : [beginning, endOfWorse]);
}

/** Walks back from `now` over everything that says this status, as long as one begins before or where the other ended. */
function unbrokenBeginning({ status, stretches, observed, now }: ShownFacts): Date | undefined {
  const said = stretches.filter((stretch) => stretch.status === status);
  const saysIt = observed?.status === status;
  if (saysIt && observed.since === undefined) return undefined;
  const spans = saysIt && observed.since !== undefined ? [...said, { from: observed.since, until: now }] : said;
  let beginning = now;
  for (const { from, until } of spans.toSorted((a, b) => b.until.getTime() - a.until.getTime())) {
    if (until < beginning) break;
    if (from < beginning) beginning = from;
  }
  return beginning;
}

function isWorse(a: ComponentStatus, b: ComponentStatus): boolean {
  return a !== b && worseOf(a, b) === a;
}

function latest(instants: readonly Date[]): Date | undefined {
  return instants.reduce<Date | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined);
}
