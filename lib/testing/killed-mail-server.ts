import { smtpTransport } from '../adapters/mail/smtp.ts';
import { type FanOut, sendWhatIsDue } from '../subscriptions/fan-out.ts';
import { factsOf, lookAt } from '../subscriptions/look.ts';
import { addresses, snapshotWith, subscribers, testKeys } from './mailing-list.ts';
import { memorySubscriptions } from './memory-subscriptions.ts';
import type { RealMailboxes } from './real-servers.ts';
import { on } from './subscription-builders.ts';

/** What came of mails to a server that was killed amid them. */
export interface KilledDelivery {
  /** Whom one mail was owed to each. */
  readonly list: readonly string[];
  /** Whose connection broke, or whom no answer came for: the server may have taken the mail. */
  readonly inDoubt: ReadonlySet<string>;
  /** How often the server was killed and brought back. */
  readonly kills: number;
}

/**
 * Send one update to `count` readers of `domain`, and kill and restart the server after every so many mails. It ends when
 * nothing is owed any more.
 */
export async function deliverThroughKills(
  mailboxes: RealMailboxes,
  { domain, count, killAfter }: { readonly domain: string; readonly count: number; readonly killAfter: number },
): Promise<KilledDelivery> {
  const list = addresses(count, domain);
  const store = memorySubscriptions();
  await store.owe(lookAt(snapshotWith('2026-11-20T08:30:00Z', [])), on('08:30:00'));
  await subscribers(store, list, { at: on('09:00:00') });
  const snapshot = snapshotWith('2026-11-20T09:31:00Z', [
    ['investigating', '2026-11-20T09:30:00Z', 'We are looking into it.'],
  ]);
  await store.owe(lookAt(snapshot), on('09:31:00'));

  const inDoubt = new Set<string>();
  let accepted = 0;
  let kills = 0;
  let killing: Promise<void> | undefined;
  const kill = async () => {
    await mailboxes.kill();
    kills += 1;
    await mailboxes.restart();
  };
  const smtp = smtpTransport(`smtp://${mailboxes.host}:${mailboxes.port}`);
  const transport: FanOut['transport'] = {
    ...smtp,
    async send(mail) {
      const result = await smtp.send(mail);
      if (result.kind === 'later') inDoubt.add(mail.to);
      if (result.kind === 'accepted') accepted += 1;
      if (accepted >= killAfter * (kills + 1) && accepted < count)
        killing ??= kill().finally(() => (killing = undefined));
      return result;
    },
  };
  let minutes = 0;
  const clock = () => new Date(on('09:31:00').getTime() + minutes * 60_000);
  const parts: FanOut = {
    store,
    transport,
    keys: testKeys(),
    mailFrom: undefined,
    clock,
    worker: 'one',
    chance: () => 0.5,
    unrecorded: [],
  };
  while ((await store.owed()).mails > 0) {
    await sendWhatIsDue(parts, factsOf(snapshot), new AbortController().signal);
    await killing;
    minutes += 10;
  }
  await smtp.close();
  return { list, inDoubt, kills };
}

/**
 * Who has a second copy for no reason. There are two: the connection broke before the server said that it took the mail; or
 * the server was killed as it delivered, and delivered what it had taken once more: the same entry of its queue.
 */
export function unexplainedCopies(
  mails: Awaited<ReturnType<RealMailboxes['mails']>>,
  inDoubt: ReadonlySet<string>,
): string[] {
  const doubtful = new Set(Array.from(inDoubt, (email) => email.slice(0, email.indexOf('@'))));
  const entries = new Map<string, Set<string>>();
  for (const { reader, raw } of mails) {
    const [, entry = ''] = /^Received: [\s\S]*?\bid ([0-9a-f]{8})\b/m.exec(raw.toString('latin1')) ?? [];
    if (entry === '') throw new Error('A mail does not say by which entry of the queue it came.');
    entries.set(reader, (entries.get(reader) ?? new Set()).add(entry));
  }
  return Array.from(entries)
    .filter(([reader, ids]) => ids.size > 1 && !doubtful.has(reader))
    .map(([reader]) => reader);
}
