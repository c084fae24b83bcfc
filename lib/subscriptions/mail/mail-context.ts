import type { PublicPage } from '../../schema/snapshot.ts';
import type { Sender } from '../mail-transport.ts';

/** What every mail of a page needs to be written. */
export interface MailContext {
  readonly page: PublicPage;
  /** The public names of components, by id. */
  readonly names: ReadonlyMap<string, string>;
  readonly from: Sender;
  readonly date: Date;
}

/** The part of the sender's address that ids of mails end with. */
export function domainOf({ address }: Sender): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
