import { mailedUpdateDays } from '../policy/constants.ts';
import type { IncidentId } from '../schema/identifier.ts';
import type { Announcement } from '../schema/subscription.ts';
import type { Look, Subscriber } from './subscription-store.ts';

/** The updates that are news: later than what was seen of their incident, and no history. */
export function newsOf(look: Look, seen: ReadonlyMap<string, Date>): readonly Announcement[] {
  const oldestMs = oldestNewsMs(look);
  return look.announcements.filter(({ incident, update }) => {
    const atMs = Date.parse(update.at);
    return atMs >= oldestMs && atMs > (seen.get(incident.id)?.getTime() ?? Number.NEGATIVE_INFINITY);
  });
}

/** Before this instant somebody who is to hear of a look must have confirmed: a snapshot tells its time to the second. */
export function confirmedBefore({ generatedAt }: Pick<Look, 'generatedAt'>): Date {
  return new Date(generatedAt.getTime() + 1000);
}

/** Before this instant nothing is news. */
export function oldestNewsMs({ generatedAt }: Pick<Look, 'generatedAt'>): number {
  return generatedAt.getTime() - mailedUpdateDays * 24 * 3_600_000;
}

/** The instant of each incident's newest update that the look shows. */
export function newestShown({ announcements }: Look): ReadonlyMap<IncidentId, Date> {
  const newest = new Map<IncidentId, Date>();
  for (const { incident, update } of announcements) {
    const at = new Date(update.at);
    if (at > (newest.get(incident.id) ?? new Date(0))) newest.set(incident.id, at);
  }
  return newest;
}

/** The components that an update is about: those of its incident and those that it changed. */
export function componentsOf({ incident, update }: Announcement): readonly string[] {
  return [...new Set([...incident.components, ...update.components].map(({ id }) => id))];
}

/** Whether a choice takes in something that is about these components; what is about none is for those who chose all. */
export function isMeant(choice: Subscriber['components'], components: readonly string[]): boolean {
  return choice === 'all' || choice.some((id) => components.includes(id));
}
