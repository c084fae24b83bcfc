import { createTransport } from 'nodemailer';
import { mimeOf } from '../lib/adapters/mail/mime.ts';
import { smtpTransport } from '../lib/adapters/mail/smtp.ts';
import { openFileSubscriptions } from '../lib/adapters/subscriptions/file-subscriptions.ts';
import { openPostgresSubscriptions } from '../lib/adapters/subscriptions/postgres/postgres-subscriptions.ts';
import type { StoredSubscriptions } from '../lib/schema/stored-subscription.ts';
import { type FanOut, sendWhatIsDue } from '../lib/subscriptions/fan-out.ts';
import { factsOf, lookAt } from '../lib/subscriptions/look.ts';
import { updateMail } from '../lib/subscriptions/mail/update-mail.ts';
import { sealedIdentity } from '../lib/subscriptions/subscriber-secrets.ts';
import type { ManagedStore } from '../lib/subscriptions/subscription-archive.ts';
import { addresses, snapshotWith, testKeys } from '../lib/testing/mailing-list.ts';
import { on } from '../lib/testing/subscription-builders.ts';

/**
 * One measure in a process of its own: MODE URL COUNT PLACE. `plain` gives the mails to nodemailer's pooled transport and
 * nothing else; `file` and `postgres` send them as Candor does, from the store at PLACE. Prints JSON: how long it took, and
 * the memory when a tenth, a half and all was sent.
 */
const [mode = '', url = '', countText = '0', place = ''] = process.argv.slice(2);
const count = Number(countText);
const snapshot = snapshotWith('2026-11-20T09:31:00Z', [
  [
    'investigating',
    '2026-11-20T09:30:00Z',
    'We are looking into card payments that fail for some merchants. '.repeat(4).trim(),
  ],
]);
const keys = testKeys();
const memoryMb: number[] = [];
let done = 0;

/** Counts one mail more, and looks at the memory now and then. */
function counted(): void {
  done += 1;
  if ([count / 10, count / 2, count].map(Math.floor).includes(done)) memoryMb.push(process.memoryUsage.rss() / 1e6);
}

const ms = mode === 'plain' ? await plain() : await fromStore(mode === 'file' ? 'file' : 'postgres');
process.stdout.write(JSON.stringify({ ms, memoryMb }));

async function plain(): Promise<number> {
  const context = {
    ...factsOf(snapshot),
    from: { name: 'Marigold', address: 'status@marigold.example' },
    date: on('09:31:00'),
  };
  const [first] = lookAt(snapshot).announcements;
  if (first === undefined) throw new Error('The snapshot shows an update.');
  const unsubscribeToken = 'A'.repeat(43);
  const mails = addresses(count).map((to, index) =>
    mimeOf(updateMail({ subscriberId: `id-${index}`, to, components: 'all', unsubscribeToken }, [first], context)),
  );
  const pool = createTransport({ url, pool: true, maxConnections: 5, maxMessages: 1000 });
  const began = performance.now();
  let next = 0;
  const lane = async () => {
    for (let mail = mails[next++]; mail !== undefined; mail = mails[next++]) {
      await pool.sendMail(mail);
      counted();
    }
  };
  await Promise.all(Array.from({ length: 10 }, lane));
  const ms = performance.now() - began;
  pool.close();
  return ms;
}

async function fromStore(kind: 'file' | 'postgres'): Promise<number> {
  const store =
    kind === 'file' ? await openFileSubscriptions(place, [keys.id]) : await openPostgresSubscriptions(place, [keys.id]);
  await filled(store);
  const smtp = smtpTransport(url);
  const transport: FanOut['transport'] = {
    ...smtp,
    send: async (mail) => {
      const result = await smtp.send(mail);
      counted();
      return result;
    },
  };
  const parts: FanOut = {
    store,
    transport,
    keys,
    mailFrom: 'Marigold <status@marigold.example>',
    clock: () => on('09:31:00'),
    worker: 'bench',
    chance: Math.random,
    unrecorded: [],
  };
  const began = performance.now();
  const { tally } = await sendWhatIsDue(parts, factsOf(snapshot), new AbortController().signal);
  const ms = performance.now() - began;
  if (tally.updates !== count || (await store.owed()).mails !== 0) throw new Error('Not all was sent.');
  await smtp.close();
  await store.close();
  return ms;
}

/** Everyone has confirmed, and is owed the update. */
async function filled(store: ManagedStore): Promise<void> {
  const at = on('09:00:00').getTime();
  const content: StoredSubscriptions = {
    format: 1,
    key: keys.id,
    page: { url: snapshot.page.url, generated_at: at },
    seen: [],
    announcements: [],
    mails: [],
    subscribers: addresses(count).map((email) => {
      const { id, emailKey, sealedEmail, unsubscribeKey, sealedUnsubscribe } = sealedIdentity(keys, {
        typed: email,
        folded: email,
      });
      const sealed = { email_key: emailKey, email: sealedEmail, leave_key: unsubscribeKey, leave: sealedUnsubscribe };
      return { id, ...sealed, components: 'all', language: 'en', created_at: at, confirmed_at: at };
    }),
  };
  if (!(await store.fill(content))) throw new Error('The store was not empty.');
  await store.owe(lookAt(snapshot), on('09:31:00'));
}
