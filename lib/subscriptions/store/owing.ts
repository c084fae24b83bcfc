import type { Announcement } from '../../schema/subscription.ts';
import { componentsOf, confirmedBefore, isMeant, newestShown, newsOf, oldestNewsMs } from '../news.ts';
import type { Look, LookOutcome } from '../subscription-store.ts';
import { announcementKey, type Change, type MailRecord, mailKey, type Step, type StoreState } from './store-state.ts';
import { isActive } from './subscribing.ts';

/** Write down what was seen and who is owed what: see `SubscriptionStore.owe`. */
export function owe(state: StoreState, look: Look, now: Date): Step<LookOutcome> {
  const { page } = state;
  if (page !== undefined && page.url !== look.page)
    return { value: { kind: 'other_page', page: page.url }, changes: [] };
  if (page !== undefined && look.generatedAt < page.generatedAt) {
    return { value: { kind: 'older', than: page.generatedAt }, changes: [] };
  }
  const isFirst = page === undefined;
  const news = isFirst ? [] : newsOf(look, state.table('seen'));
  const mails = owedMails(state, news, look, now);
  const value: LookOutcome = isFirst
    ? { kind: 'first', updates: look.announcements.length }
    : { kind: 'owed', updates: news.length, mails: mails.length };
  const changes: Change[] = [
    { table: 'page', key: 'page', value: { url: look.page, generatedAt: look.generatedAt } },
    ...seenChanges(state, look),
    ...mails.map((mail): Change => ({ table: 'mails', key: mailKey(mail.subscriber, mail.incident), value: mail })),
    ...announcementChanges(state, mails, look),
  ];
  return { value, changes };
}

/** The mails as they are with the news in them, one for each subscriber and incident that has some. */
function owedMails(state: StoreState, news: readonly Announcement[], look: Look, now: Date): MailRecord[] {
  const mails = new Map<string, MailRecord>();
  const audience = news.length === 0 ? [] : Array.from(state.table('subscribers').values());
  const before = confirmedBefore(look);
  const told = audience.filter((one) => isActive(one) && one.confirmedAt !== undefined && one.confirmedAt < before);
  for (const announcement of news) {
    const { incident, update } = announcement;
    const components = componentsOf(announcement);
    for (const { id, components: choice } of told) {
      if (!isMeant(choice, components)) continue;
      const key = mailKey(id, incident.id);
      const owed = mails.get(key) ?? state.table('mails').get(key);
      mails.set(key, {
        ...(owed ?? { subscriber: id, incident: incident.id, dueAt: now, attempts: 0 }),
        owedAt: now,
        updates: [...(owed?.updates ?? []), update.at],
      });
    }
  }
  return Array.from(mails.values());
}

/** What was seen of each incident; forgotten where all of it is history and not shown any more. */
function seenChanges(state: StoreState, look: Look): Change[] {
  const shown = newestShown(look);
  const changes: Change[] = [];
  for (const [key, at] of shown) {
    const before = state.table('seen').get(key);
    if (before === undefined || before < at) changes.push({ table: 'seen', key, value: at });
  }
  const ids = new Set<string>(shown.keys());
  for (const [key, at] of state.table('seen')) {
    const isHistory = at.getTime() < oldestNewsMs(look);
    if (isHistory && !ids.has(key)) changes.push({ table: 'seen', key, value: undefined });
  }
  return changes;
}

/** The words of what somebody is owed, as the look has them; the rest is forgotten. */
function announcementChanges(state: StoreState, added: readonly MailRecord[], look: Look): Change[] {
  const shown = new Map(look.announcements.map((one) => [announcementKey(one.incident.id, one.update.at), one]));
  const needed = new Set<string>();
  for (const mails of [state.table('mails').values(), added]) {
    for (const { incident, updates } of mails) {
      for (const at of updates) needed.add(announcementKey(incident, at));
    }
  }
  const known = state.table('announcements');
  const gone = Array.from(known.keys()).filter((key) => !needed.has(key));
  return [
    ...Array.from(needed).flatMap((key): Change[] => {
      const value = shown.get(key);
      return value === undefined ? [] : [{ table: 'announcements', key, value }];
    }),
    ...gone.map((key): Change => ({ table: 'announcements', key, value: undefined })),
  ];
}
