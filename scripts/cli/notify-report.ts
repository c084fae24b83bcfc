import type { RoundEnd } from '../../lib/subscriptions/fan-out.ts';
import type { LookOutcome } from '../../lib/subscriptions/subscription-store.ts';
import type { Tally } from '../../lib/subscriptions/tally.ts';

/** What `notify` did, in numbers: no address and no token ever gets here. */
export interface NotifyReport {
  /** Where the snapshot was read, and what the look at it came to. */
  readonly source: string;
  readonly outcome: LookOutcome;
  /** The mail server, or the folder. */
  readonly place: string;
  readonly writesFiles: boolean;
  readonly tally: Tally;
  readonly end: RoundEnd;
  readonly owed: { readonly mails: number; readonly nextAt?: Date | undefined };
}

/** The report for people, or for programs. */
export function notifyReport(report: NotifyReport, format: 'text' | 'json' | 'github'): string {
  return format === 'json' ? `${JSON.stringify(jsonOf(report))}\n` : `${textOf(report).join('\n')}\n`;
}

function textOf({ source, outcome, place, writesFiles, tally, end, owed }: NotifyReport): string[] {
  return [
    `${source}: ${lookText(outcome)}`,
    ...tallyLines(tally, { place, writesFiles }),
    ...(end.kind === 'paused' ? [pausedText(place, end.reason)] : []),
    ...(owed.mails === 0 ? [] : [owedText(owed)]),
  ];
}

/** What a look came to, after a colon. */
export function lookText(outcome: LookOutcome): string {
  switch (outcome.kind) {
    case 'first':
      return `looked at for the first time; ${counted(outcome.updates, 'update')} of it count as told.`;
    case 'owed':
      return outcome.updates === 0
        ? 'nothing new.'
        : `${counted(outcome.updates, 'new update')}, owed in ${counted(outcome.mails, 'mail')}.`;
    case 'older':
      return `older than what was looked at last, which was made at ${outcome.than.toISOString()}; nothing is owed of it.`;
    case 'other_page':
      return `another page than ${outcome.page}; nothing is owed of it.`;
  }
}

/** What became of mails, one line for each kind that there is. */
export function tallyLines(
  tally: Tally,
  { place, writesFiles }: { readonly place: string; readonly writesFiles: boolean },
): string[] {
  const { confirmations, updates, deferred, refused, suspended, givenUp, left, unreadable, reasons } = tally;
  const why =
    reasons.size === 0 ? '' : ` (${Array.from(reasons, ([reason, times]) => `${reason}: ${times}`).join(', ')})`;
  const how = writesFiles ? 'Wrote' : 'Sent';
  const where = writesFiles ? `to ${place}` : `over ${place}`;
  const lines: [number, string][] = [
    [updates, `${how} ${counted(updates, 'mail')} about updates ${where}.`],
    [
      confirmations,
      `${how} ${counted(confirmations, 'mail')} that ${confirmations === 1 ? 'asks' : 'ask'} for a confirmation ${where}.`,
    ],
    [deferred, `${counted(deferred, 'mail')} will be tried again${why}.`],
    [refused, `${counted(refused, 'mail')} ${were(refused)} refused for good${deferred === 0 ? why : ''}.`],
    [suspended, `${counted(suspended, 'address', 'addresses')} will get no more mail, until somebody subscribes anew.`],
    [givenUp, `${counted(givenUp, 'mail')} ${were(givenUp)} given up after a day.`],
    [left, `${counted(left, 'subscriber')} left in the meantime.`],
    [
      unreadable,
      `${counted(unreadable, 'address', 'addresses')} cannot be decrypted: check CANDOR_DATA_KEY. They will be tried again.`,
    ],
  ];
  return lines.filter(([count]) => count > 0).map(([, line]) => line);
}

/** Why nothing more was sent. */
export function pausedText(place: string, reason: string): string {
  return `${place} is of no use just now (${reason}). What was not sent is owed as before. ${adviceFor(reason)}`;
}

function adviceFor(reason: string): string {
  if (/^sign_in|^(?:454|530|534|535|538)/.test(reason)) return 'Check the user and password in SMTP_URL.';
  if (reason === 'tls_failed')
    return 'Check the certificate of the server, and whether SMTP_URL names it as the certificate does.';
  if (['host_not_found', 'no_connection', 'no_answer', 'connection_lost'].includes(reason)) {
    return 'Check SMTP_URL and that the server runs and is reached from here.';
  }
  if (reason === 'address_unreadable') return 'Check CANDOR_DATA_KEY.';
  return 'Check MAIL_FROM, and what the server says in its log.';
}

function owedText({ mails, nextAt }: NotifyReport['owed']): string {
  return `${counted(mails, 'mail')} ${mails === 1 ? 'is' : 'are'} owed still${nextAt === undefined ? '' : `, the next from ${nextAt.toISOString()} on`}.`;
}

function counted(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

function were(number: number): string {
  return number === 1 ? 'was' : 'were';
}

/** What a look came to, for programs. */
export function lookJson(source: string, outcome: LookOutcome): object {
  return { source, look: outcome.kind, new_updates: outcome.kind === 'owed' ? outcome.updates : 0 };
}

/** What became of the mails of a round, for programs. */
export function roundJson(place: string, { tally, end }: Pick<NotifyReport, 'tally' | 'end'>): object {
  const { confirmations, updates, deferred, refused, suspended, givenUp, left, unreadable, reasons } = tally;
  return {
    place,
    updates,
    confirmations,
    deferred,
    refused,
    suspended,
    given_up: givenUp,
    left,
    unreadable,
    reasons: Object.fromEntries(reasons),
    end: end.kind,
  };
}

function jsonOf({ source, outcome, place, tally, end, owed }: NotifyReport): object {
  return {
    ...lookJson(source, outcome),
    ...roundJson(place, { tally, end }),
    owed: owed.mails,
    next_at: owed.nextAt?.toISOString() ?? null,
  };
}
