import { join } from 'node:path';
import type { MailTransport } from '../../subscriptions/mail-transport.ts';
import { emlFolder } from './eml-folder.ts';
import { smtpTransport } from './smtp.ts';

/** Mails to the server of `smtpUrl` or, where there is none, to files in the folder `mail` of the state. */
export function openMailTransport(smtpUrl: string | undefined, stateFolder: string): MailTransport {
  return smtpUrl === undefined ? emlFolder(join(stateFolder, 'mail')) : smtpTransport(smtpUrl);
}
