import type { SendResult } from './mail-transport.ts';
import type { ClaimedMail, MailOutcome } from './subscription-store.ts';

/** What became of mails, in numbers; nothing else about them is ever told. */
export interface Tally {
  /** Taken by the server: confirmations, and mails about updates. */
  confirmations: number;
  updates: number;
  /** Tried again later. */
  deferred: number;
  /** Refused for good. */
  refused: number;
  /** Addresses that get no more mail because of it. */
  suspended: number;
  /** Tried for a day in vain. */
  givenUp: number;
  /** To who left after the mail was owed; nothing was sent. */
  left: number;
  /** Whose address could not be decrypted. */
  unreadable: number;
  /** What servers said, by how often: codes of ours and numbers of replies. */
  readonly reasons: Map<string, number>;
}

/** Nothing happened yet. */
export function emptyTally(): Tally {
  return {
    confirmations: 0,
    updates: 0,
    deferred: 0,
    refused: 0,
    suspended: 0,
    givenUp: 0,
    left: 0,
    unreadable: 0,
    reasons: new Map(),
  };
}

/** Count what became of one mail. */
export function count(tally: Tally, { content }: ClaimedMail, result: SendResult, outcome: MailOutcome): void {
  if (outcome.kind === 'accepted') tally[content.kind === 'confirmation' ? 'confirmations' : 'updates'] += 1;
  else if (outcome.kind === 'retry') tally.deferred += 1;
  else tally[result.kind === 'refused' ? 'refused' : 'givenUp'] += 1;
  if (outcome.kind === 'dropped' && outcome.suspend) tally.suspended += 1;
  if ('reason' in result) tally.reasons.set(result.reason, (tally.reasons.get(result.reason) ?? 0) + 1);
}
