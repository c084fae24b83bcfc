import { createHash } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mail, MailTransport } from '../../subscriptions/mail-transport.ts';
import { makeFolderDurably, replaceDurably } from '../state/durable-file.ts';
import { messageOf } from './mime.ts';

/**
 * Mails as files `<instant>-<hash>.eml`, each a complete message, on the disk when it counts as accepted. The names sort by
 * time and hold no address; nobody but this user may read the folder, because it holds addresses and links that act.
 * Sending rejects with a `Failure` where the folder cannot be written.
 */
export function emlFolder(folder: string): MailTransport {
  let ready: Promise<void> | undefined;
  return {
    place: folder,
    atOnce: 4,
    async send(mail) {
      ready ??= prepare(folder).catch((error: unknown) => {
        ready = undefined;
        throw error;
      });
      await ready;
      await replaceDurably(join(folder, nameOf(mail)), messageOf(mail));
      return { kind: 'accepted' };
    },
    async close() {},
  };
}

async function prepare(folder: string): Promise<void> {
  await makeFolderDurably(folder);
  await chmod(folder, 0o700);
}

function nameOf({ date, messageId }: Mail): string {
  const hash = createHash('sha256').update(messageId).digest('hex').slice(0, 16);
  return `${date.toISOString().replaceAll(':', '-')}-${hash}.eml`;
}
