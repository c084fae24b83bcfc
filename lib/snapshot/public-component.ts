import { isActive } from '../policy/override.ts';
import { shownSince } from '../policy/shown-since.ts';
import type { Stretch } from '../policy/timeline.ts';
import type { Component } from '../schema/component.ts';
import { formatInstant } from '../schema/instant.ts';
import type { PublicComponent, PublicOverride, PublicResponseTimes } from '../schema/snapshot.ts';
import type { ComponentStatus } from '../schema/status.ts';
import { dayBars } from './day-bars.ts';
import type { ComponentObservations } from './observations.ts';
import { stepMinutes } from './response-times.ts';

/** What a component needs to become public, besides itself. */
export interface ComponentContext {
  readonly status: ComponentStatus;
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
  const since = shownSince(component, { ...context, observed: observations });
  const responseTimes = publicResponseTimes(observations);
  return {
    id: component.id,
    name: redact(component.name),
    ...(component.description === undefined ? {} : { description: redact(component.description) }),
    ...(component.group === undefined ? {} : { group: redact(component.group) }),
    status: context.status,
    ...(since === undefined ? {} : { since: formatInstant(since) }),
    ...(override === undefined ? {} : { override }),
    ...(observations?.uptime90d === undefined ? {} : { uptime_90d: observations.uptime90d }),
    days: dayBars(context.stretches, observations, now),
    ...(responseTimes === undefined ? {} : { response_times: responseTimes }),
  };
}

function publicOverride({ override }: Component, { redact, now }: ComponentContext): PublicOverride | undefined {
  if (override === undefined || !isActive(override, now)) return undefined;
  return {
    reason: redact(override.reason),
    set_at: formatInstant(override.setAt),
    expires_at: formatInstant(override.expiresAt),
  };
}

function publicResponseTimes(observations: ComponentObservations | undefined): PublicResponseTimes | undefined {
  if (observations?.responseTimes === undefined) return undefined;
  const { from, mediansMs } = observations.responseTimes;
  return {
    from: formatInstant(from),
    step_minutes: stepMinutes,
    medians_ms: mediansMs.map((median) => median ?? null),
  };
}
