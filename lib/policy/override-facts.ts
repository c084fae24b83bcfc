import type { Override } from '../schema/component.ts';
import type { RecordedState } from '../schema/state.ts';

/** An override as the audit log tells it. */
export type Pin = Readonly<Record<'status' | 'reason' | 'set_at' | 'expires_at', string>>;

/** What the audit log was last told of a component's override. */
export type ToldPin = RecordedState['overrides'][string];

/** One thing that happened to an override. `by`: who wrote the file, or nobody but the time. */
export interface PinFact {
  readonly action: 'override.set' | 'override.changed' | 'override.cleared' | 'override.expired';
  readonly by: 'author' | 'expiry';
  readonly setAt: string;
  readonly before: Pin | null;
  readonly after: Pin | null;
}

/** An override as the audit log tells it. */
export function pinOf({ status, reason, setAt, expiresAt }: Override): Pin {
  return { status, reason, set_at: setAt.toISOString(), expires_at: expiresAt.toISOString() };
}

/**
 * What happened to a component's override since it was last told of, at `now`, and what is told of it then. An override
 * is known by its `set_at`; one that is gone is cleared where its end had not come yet, and expired where it had.
 */
export function pinFacts(
  told: ToldPin | undefined,
  present: Pin | undefined,
  now: Date,
): { readonly facts: readonly PinFact[]; readonly told: ToldPin | undefined } {
  const live = told === undefined || told.over ? undefined : bare(told);
  if (present === undefined) return { facts: live === undefined ? [] : [goneFact(live, now)], told: undefined };
  const over = hasEnded(present, now);
  if (told !== undefined && told.set_at === present.set_at) {
    const changed = isSame(told, present) ? [] : [fact('override.changed', bare(told), present)];
    const expired = over && !told.over ? [expiry(present)] : [];
    return { facts: [...changed, ...expired], told: { ...present, over } };
  }
  const expired = over ? [expiry(present)] : [];
  return { facts: [...replacing(live, present), ...expired], told: { ...present, over } };
}

/** A new override, which either takes the place of one that holds, or comes after its end. */
function replacing(live: Pin | undefined, present: Pin): PinFact[] {
  if (live === undefined) return [fact('override.set', null, present)];
  const cameAfter = live.expires_at <= present.set_at;
  return cameAfter ? [expiry(live), fact('override.set', null, present)] : [fact('override.set', live, present)];
}

function goneFact(live: Pin, now: Date): PinFact {
  return hasEnded(live, now) ? expiry(live) : fact('override.cleared', live, null);
}

function expiry(pin: Pin): PinFact {
  return { action: 'override.expired', by: 'expiry', setAt: pin.set_at, before: pin, after: null };
}

function fact(action: PinFact['action'], before: Pin | null, after: Pin | null): PinFact {
  return { action, by: 'author', setAt: (after ?? before)?.set_at ?? '', before, after };
}

function hasEnded(pin: Pin, now: Date): boolean {
  return pin.expires_at <= now.toISOString();
}

function isSame(one: Pin, other: Pin): boolean {
  return one.status === other.status && one.reason === other.reason && one.expires_at === other.expires_at;
}

function bare({ status, reason, set_at, expires_at }: Pin): Pin {
  return { status, reason, set_at, expires_at };
}
