import { InvalidArgumentError } from 'commander';
import { nearest } from '../../lib/content/nearest.ts';
import { maxOverrideHours } from '../../lib/policy/constants.ts';
import { ComponentId, type ComponentId as Id } from '../../lib/schema/identifier.ts';
import { InstantText } from '../../lib/schema/instant.ts';
import { ReportedStatus } from '../../lib/schema/status.ts';

/** Components and what is said of each, in the order written. */
export type ComponentStatuses = ReadonlyMap<Id, ReportedStatus>;

/** `--component payments=partial_outage`, which may be given several times. */
export function parseComponent(text: string, before: ComponentStatuses | undefined): ComponentStatuses {
  const [name = '', word = '', ...more] = text.split('=');
  const id = ComponentId.safeParse(name);
  if (!id.success || more.length > 0) throw new InvalidArgumentError('Write it as payments=partial_outage.');
  return new Map(before).set(id.data, parseStatus(word));
}

/** A status as a person writes it. */
export function parseStatus(word: string): ReportedStatus {
  const status = ReportedStatus.safeParse(word);
  if (status.success) return status.data;
  const like = nearest(word, ReportedStatus.options);
  const all = `A status is one of ${ReportedStatus.options.join(', ')}.`;
  throw new InvalidArgumentError(like === undefined ? all : `Did you mean ${like}? ${all}`);
}

/** An instant as a person writes it. */
export function parseInstant(text: string): Date {
  if (!InstantText.safeParse(text).success) throw new InvalidArgumentError('Write it as 2026-11-20T10:05:00Z.');
  return new Date(text);
}

/** How long an override holds, in milliseconds: `45m`, `2h` or `1h30m`. */
export function parseDuration(text: string): number {
  const [whole, hours = '0', minutes = '0'] = /^(?=\d)(?:(\d{1,4})h)?(?:(\d{1,4})m)?$/.exec(text) ?? [];
  const durationMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  if (whole === undefined || durationMs === 0) throw new InvalidArgumentError('Write it as 45m, 2h or 1h30m.');
  if (durationMs > maxOverrideHours * 3_600_000) {
    throw new InvalidArgumentError(`An override holds for ${maxOverrideHours}h at most.`);
  }
  return durationMs;
}
