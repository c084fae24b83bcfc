import { randomUUID } from 'node:crypto';
import { Failure } from '../../lib/adapters/failure.ts';
import { openMailTransport } from '../../lib/adapters/mail/open-mail-transport.ts';
import { publishedSnapshot } from '../../lib/adapters/published-snapshot.ts';
import { openSubscriptionStore } from '../../lib/adapters/subscriptions/open-subscription-store.ts';
import type { SnapshotSource } from '../../lib/subscriptions/look.ts';
import { OtherPage, SnapshotFromFuture, type WorkerParts } from '../../lib/subscriptions/mail-worker.ts';
import type { ManagedStore } from '../../lib/subscriptions/subscription-archive.ts';
import type { Context } from './context.ts';
import { environmentSettings } from './environment-settings.ts';
import { UsageError } from './errors.ts';
import { localState } from './local-state.ts';
import { pageSettings } from './page-settings.ts';
import { subscriptionPlaceOf } from './subscription-place.ts';

/** What `notify` works with; close it. */
export interface MailDesk extends AsyncDisposable {
  readonly parts: Omit<WorkerParts, 'lookEveryMs' | 'pollEveryMs' | 'tell'> & { readonly store: ManagedStore };
  /** Sentences for whoever starts it. */
  readonly notices: readonly string[];
  /** Whether mails are files, because there is no mail server. */
  readonly writesFiles: boolean;
}

/** Open the store of subscribers, the way for mails, and the page at `from` or at the address of the settings. */
export async function openMailDesk(context: Context, from: string | SnapshotSource | undefined): Promise<MailDesk> {
  const settings = environmentSettings(context);
  const source = typeof from === 'object' ? from : publishedSnapshot(from ?? addressOf(context));
  const transport = openMailTransport(settings.smtpUrl, localState(context));
  const { store, keys, notices } = await openSubscriptionStore(subscriptionPlaceOf(context));
  const writesFiles = settings.smtpUrl === undefined;
  return {
    parts: {
      store,
      keys,
      source,
      transport,
      mailFrom: settings.mailFrom,
      clock: context.now,
      worker: randomUUID(),
      chance: Math.random,
      unrecorded: [],
    },
    notices: writesFiles ? [...notices, filesNotice(transport.place)] : notices,
    writesFiles,
    async [Symbol.asyncDispose]() {
      await transport.close();
      await store.close();
    },
  };
}

function filesNotice(folder: string): string {
  return `SMTP_URL is not set: mails are written to ${folder}, one .eml file each.`;
}

function addressOf(context: Context): string {
  const config = pageSettings(context);
  if (config !== undefined) return config.url;
  throw new UsageError(
    `${context.root} holds no status.config.yml that can be read, so it is not known where the page is.`,
    'Name the folder of the content with --root, or a built folder or the address of the page with --from.',
  );
}

/** What a look went wrong by, as a failure with what to do. */
export function lookFailure(error: unknown, place: string): unknown {
  if (error instanceof OtherPage) {
    return new Failure(
      `${place} is another page than ${error.page}, to which the subscribers belong. Nothing was sent.`,
      {
        fix: 'Name that page with --from; or use another state folder or database for this one.',
      },
    );
  }
  if (error instanceof SnapshotFromFuture) {
    return new Failure(`${place}: ${error.message} Nothing is owed of it.`, {
      fix: 'Check the clocks of this machine and of the one that builds the page; a page built with --now is a rehearsal.',
    });
  }
  return error;
}
