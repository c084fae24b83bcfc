import { isActive } from '../policy/override.ts';
import type { Component } from '../schema/component.ts';
import { formatInstant } from '../schema/instant.ts';
import type { PublicComponent, PublicOverride } from '../schema/snapshot.ts';
import type { ComponentStatus } from '../schema/status.ts';
import { dayBars } from './day-bars.ts';
import type { ComponentObservations } from './observations.ts';
import type { Stretch } from './timeline.ts';

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
  return {
    id: component.id,
    name: redact(component.name),
    ...(component.description === undefined ? {} : { description: redact(component.description) }),
    ...(component.group === undefined ? {} : { group: redact(component.group) }),
    status: context.status,
    ...(override === undefined ? {} : { override }),
    ...(observations?.uptime90d === undefined ? {} : { uptime_90d: observations.uptime90d }),
    days: dayBars(context.stretches, observations, now),
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
