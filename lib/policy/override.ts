import type { Component, Override } from '../schema/component.ts';
import { formatInstant } from '../schema/instant.ts';
import type { Problem } from '../schema/problem.ts';
import { maxOverrideHours } from './constants.ts';
import { fileStart, problem, type RuleId } from './rules.ts';

/** Whether an override holds at `now`: from `setAt` until just before `expiresAt`. */
export function isActive(override: Override, now: Date): boolean {
  return override.setAt <= now && now < override.expiresAt;
}

type Pinned = Pick<Component, 'file' | 'id' | 'positions'> & {
  readonly override: Pick<Override, 'setAt' | 'expiresAt'> | undefined;
};

/** What is wrong with a component's override at `now`. */
export function overrideProblems(component: Pinned, now: Date): Problem[] {
  const { override } = component;
  if (override === undefined) return [];
  const report = (rule: RuleId, key: string, message: string, fix: string) => {
    const at = component.positions.get(`override.${key}`) ?? fileStart;
    return [problem(rule, component.file, at, message, fix)];
  };
  const { setAt, expiresAt } = override;
  if (expiresAt <= setAt) {
    return report(
      'override-order',
      'expires_at',
      'The override expires before it begins.',
      `Write an instant after ${formatInstant(setAt)}.`,
    );
  }
  const latest = new Date(setAt.getTime() + maxOverrideHours * 3_600_000);
  if (expiresAt > latest) {
    const message = `The override lasts longer than ${maxOverrideHours} hours.`;
    return report(
      'override-too-long',
      'expires_at',
      message,
      `Write ${formatInstant(latest)} at the latest, and set it again if need be.`,
    );
  }
  if (expiresAt > now) return [];
  const message = `The override expired at ${formatInstant(expiresAt)}; the page no longer shows it.`;
  return report('override-expired', 'expires_at', message, `Run \`candor override clear ${component.id}\`.`);
}
