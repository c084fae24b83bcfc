import { createHash } from 'node:crypto';
import type { Announcement } from '../../schema/subscription.ts';

/**
 * The id of a mail about these updates to this subscriber: the same however often it is tried, another one as soon as it
 * says something else. It tells nothing of who gets it.
 */
export function updateMessageId(subscriberId: string, announcements: readonly Announcement[], domain: string): string {
  return messageId(['update', subscriberId, ...announcements.flatMap(keyOf)], domain);
}

/** The id that all mails of one incident to one subscriber refer to. No mail has it, so that none is missed. */
export function threadId(subscriberId: string, incidentId: string, domain: string): string {
  return messageId(['thread', subscriberId, incidentId], domain);
}

/** The id of the mail that carries the confirmation token with this hash. */
export function confirmationMessageId(tokenHash: string, domain: string): string {
  return messageId(['confirmation', tokenHash], domain);
}

function keyOf({ incident, update }: Announcement): string[] {
  return [incident.id, update.at];
}

function messageId(parts: readonly string[], domain: string): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
  return `${hash}@${domain}`;
}
