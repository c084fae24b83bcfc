import type { PublicPage } from '../../schema/snapshot.ts';
import type { Sender } from '../mail-transport.ts';

/**
 * Whom mails are from: `MAIL_FROM`, an address or a name with an address in angle brackets. The page's name stands in for
 * a missing name, and its support address for a missing address.
 */
export function senderOf(mailFrom: string | undefined, page: PublicPage): Sender {
  const [, name = '', address = ''] = /^\s*"?([^<"]*)"?\s*<([^<>\s]+)>\s*$/.exec(mailFrom ?? '') ?? [];
  if (address !== '') return { name: name.trim() === '' ? page.name : name.trim(), address };
  return { name: page.name, address: mailFrom?.trim() ?? page.support_email };
}
