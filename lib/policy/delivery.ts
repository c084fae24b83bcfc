import {
  deliveryRetryHours,
  firstPauseSeconds,
  firstRetryMinutes,
  longestPauseSeconds,
  longestRetryMinutes,
  refusalsToSuspend,
  retryJitter,
} from './constants.ts';

/**
 * Whom a refusal for good is about. `mailbox`: it does not exist, and never will by waiting. `recipient`: something about
 * this address. `sender`: this mail, or us; the address is not to blame.
 */
export type RefusalAbout = 'mailbox' | 'recipient' | 'sender';

/** The step of the SMTP dialogue that a reply answers. `session`: all before the first mail, such as greeting, TLS and sign-in. */
export type SmtpStep = 'session' | 'sender' | 'recipient' | 'message';

/** A reply of an SMTP server: its number, and its enhanced code (RFC 3463) where it has one. */
export interface SmtpReply {
  readonly code: number;
  readonly enhanced?: string | undefined;
}

/** What a reply that accepts nothing means for the mail. */
export type Verdict =
  | { readonly kind: 'later' }
  | { readonly kind: 'refused'; readonly about: RefusalAbout }
  | { readonly kind: 'unusable' };

/** Replies that ask for a sign-in or refuse one (RFC 4954), at whatever step. */
const signInCodes: ReadonlySet<number> = new Set([454, 530, 534, 535, 538]);

/** Enhanced codes of mailboxes that are not there: bad mailbox, bad system, bad syntax, moved away, takes no mail. */
const noMailbox: ReadonlySet<string> = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10']);

/** Subjects of enhanced codes (`5.SUBJECT.x`) that are not about the recipient: system, protocol, content, policy. */
const notAboutRecipient: ReadonlySet<string> = new Set(['3', '5', '6', '7']);

/** What is to be made of a reply that accepts nothing. The same reply means more the earlier it comes. */
export function judgeReply(step: SmtpStep, reply: SmtpReply): Verdict {
  if (step === 'session' || signInCodes.has(reply.code)) return { kind: 'unusable' };
  // 503, bad sequence of commands, says that the session is confused and nothing of the mail.
  if (reply.code < 500 || reply.code === 503) return { kind: 'later' };
  if (step === 'sender') return { kind: 'unusable' };
  return { kind: 'refused', about: refusalAbout(step, reply.enhanced) };
}

function refusalAbout(step: 'recipient' | 'message', enhanced: string | undefined): RefusalAbout {
  if (enhanced === undefined) return step === 'recipient' ? 'recipient' : 'sender';
  if (noMailbox.has(enhanced)) return 'mailbox';
  return notAboutRecipient.has(enhanced.split('.')[1] ?? '') ? 'sender' : 'recipient';
}

/** Whether a refusal for good counts against the address, and whether it gets no more mail until it subscribes anew. */
export function afterRefusal(about: RefusalAbout, refusalsBefore: number): { refused: boolean; suspend: boolean } {
  if (about === 'sender') return { refused: false, suspend: false };
  return { refused: true, suspend: about === 'mailbox' || refusalsBefore + 1 >= refusalsToSuspend };
}

/**
 * When a mail that was not taken is tried again, or `undefined` once a day is over. `attempts` counts the tries so far,
 * this one among them; `chance` is from 0 to 1, at random.
 */
export function nextTry(
  { owedAt, attempts }: { readonly owedAt: Date; readonly attempts: number },
  now: Date,
  chance: number,
): Date | undefined {
  const end = owedAt.getTime() + deliveryRetryHours * 3_600_000;
  if (now.getTime() >= end) return undefined;
  const minutes = doubled(firstRetryMinutes, attempts, longestRetryMinutes);
  // The last try is made when the day is over, whenever the one before was.
  return new Date(Math.min(now.getTime() + scattered(minutes * 60_000, chance), end));
}

/** How long nothing is sent after the server was of no use `times` times in a row, in milliseconds. */
export function serverPauseMs(times: number, chance: number): number {
  return scattered(doubled(firstPauseSeconds, times, longestPauseSeconds) * 1000, chance);
}

function doubled(first: number, times: number, longest: number): number {
  return Math.min(first * 2 ** Math.max(0, times - 1), longest);
}

function scattered(durationMs: number, chance: number): number {
  return Math.round(durationMs * (1 + retryJitter * (2 * chance - 1)));
}
