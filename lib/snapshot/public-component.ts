import { isActive } from '../policy/override.ts';
import { componentStatus } from '../policy/rollup.ts';
import { shownSince } from '../policy/shown-since.ts';
import type { Stretch } from '../policy/timeline.ts';
import type { Component } from '../schema/component.ts';
import type { Incident } from '../schema/incident.ts';
import { formatInstant } from '../schema/instant.ts';
import type { PublicComponent, PublicOverride, PublicResponseTimes } from '../schema/snapshot.ts';
import { dayBars } from './day-bars.ts';
import type { ComponentObservations } from './observations.ts';
import { stepMinutes } from './response-times.ts';

/** What a component needs to become public, besides itself. */
export interface ComponentContext {
  /** The published incidents that are open. */
  readonly open: readonly Incident[];
  /** What published incidents told of it in the days that are shown. */
  readonly stretches: readonly Stretch[];
  readonly observations: ComponentObservations | undefined;
  /** Redacts one plain string. */
  readonly redact: (text: string) => string;
  readonly now: Date;
}

/** The fields of a component that may leave, and no other. */
export function publicComponent(component: Component, context: ComponentContext): PublicComponent {
  const { redact, observations, now } = context;
  const override = publicOverride(component, context);
  const responseTimes = publicResponseTimes(observations);
  return {
    id: component.id,
    name: redact(component.name),
    ...(component.description === undefined ? {} : { description: redact(component.description) }),
    ...(component.group === undefined ? {} : { group: redact(component.group) }),
    ...shownState(component, context),
    ...(override === undefined ? {} : { override }),
    ...publicUptime(observations),
    days: dayBars(context.stretches, observations, now),
    ...(responseTimes === undefined ? {} : { response_times: responseTimes }),
  };
}

/** What it shows, and since when where that is known. */
function shownState(
  component: Component,
  { open, stretches, observations, now }: ComponentContext,
): Pick<PublicComponent, 'status' | 'since'> {
  const observed = observations?.health;
  const status = componentStatus(component, open, observed?.status, now);
  const since = shownSince(component, { status, stretches, observed, now });
  return { status, ...(since === undefined ? {} : { since: formatInstant(since) }) };
}

function publicOverride(component: Component, context: ComponentContext): PublicOverride | undefined {
  const { override } = component;
  if (override === undefined || !isActive(override, context.now)) return undefined;
  return {
    reason: context.redact(override.reason),
    set_at: formatInstant(override.setAt),
    expires_at: formatInstant(override.expiresAt),
    otherwise: shownState({ ...component, override: undefined }, context),
  };
}

function publicUptime(
  observations: ComponentObservations | undefined,
): Pick<PublicComponent, 'uptime_90d' | 'measured_seconds_90d'> {
  if (observations?.uptime90d === undefined) return {};
  return { uptime_90d: observations.uptime90d, measured_seconds_90d: observations.measuredSeconds90d };
}

function publicResponseTimes(observations: ComponentObservations | undefined): PublicResponseTimes | undefined {
  if (observations?.responseTimes === undefined) return undefined;
  const { from, mediansMs, unanswered } = observations.responseTimes;
  return {
    from: formatInstant(from),
    step_minutes: stepMinutes,
    medians_ms: mediansMs.map((median) => median ?? null),
    ...(unanswered.length === 0 ? {} : { unanswered: [...unanswered] }),
  };
}
