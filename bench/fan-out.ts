import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { openDatabase } from '../lib/adapters/subscriptions/postgres/database.ts';
import { migrate } from '../lib/adapters/subscriptions/postgres/migrate.ts';
import { deliverThroughKills, unexplainedCopies } from '../lib/testing/killed-mail-server.ts';
import { startPostgres } from '../lib/testing/postgres.ts';
import { startMailboxes, whyNot } from '../lib/testing/real-servers.ts';
import { measure, median, table } from './measure.ts';

const Result = z.object({ ms: z.number(), memoryMb: z.array(z.number()) });
type Result = z.infer<typeof Result>;

type Mode = 'plain' | 'file' | 'postgres';

/**
 * One update to `count` subscribers into a server that takes everything: mails a second beside nodemailer's own pooled
 * transport with the same mails, connections and server. Returns what to print.
 */
export async function benchFanOut(folder: string, count: number, rounds: number): Promise<string> {
  const sink = fork(join(import.meta.dirname, 'mail-sink.ts'));
  const found = await startPostgres({ durable: true });
  try {
    const [port] = await once(sink, 'message');
    const url = `smtp://127.0.0.1:${port}`;
    const newPlace: Record<Mode, () => Promise<string>> = {
      plain: async () => '',
      file: async () => join(folder, `fan-out-${Math.random()}`),
      postgres: async () => (found.kind === 'server' ? migrated(await found.server.newDatabase()) : ''),
    };
    const modes: ['postgres' | 'file', number][] = [
      ['postgres', count],
      ['file', Math.min(count, 5000)],
    ];
    const rows: string[][] = [];
    for (const [mode, mails] of modes) {
      if (mode === 'postgres' && found.kind === 'missing') continue;
      // Side by side: what else the machine does meets both.
      const ours: Result[] = [];
      const plain: Result[] = [];
      for (let round = 0; round < rounds; round += 1) {
        plain.push(await measured('plain', url, mails, ''));
        ours.push(await measured(mode, url, mails, await newPlace[mode]()));
      }
      rows.push(row('nodemailer alone', mails, plain, plain), row(names[mode], mails, ours, plain));
    }
    return table([['one update, over SMTP', 'mails', 'a second', 'ratio', 'MB at 10 %', '50 %', '100 %'], ...rows]);
  } finally {
    sink.disconnect();
    if (found.kind === 'server') await found.server[Symbol.asyncDispose]();
  }
}

const names = { file: 'candor, from a file', postgres: 'candor, from PostgreSQL' } as const;

async function migrated(url: string): Promise<string> {
  const database = openDatabase(url);
  await migrate(database);
  await database.close();
  return url;
}

async function measured(mode: Mode, url: string, mails: number, place: string): Promise<Result> {
  const { output } = await measure([join(import.meta.dirname, 'fan-out-once.ts'), mode, url, `${mails}`, place]);
  return Result.parse(JSON.parse(output));
}

function row(name: string, mails: number, results: readonly Result[], plain: readonly Result[]): string[] {
  const ms = median(results.map((one) => one.ms));
  const memory = [0, 1, 2].map((at) => median(results.map(({ memoryMb }) => memoryMb[at] ?? Number.NaN)).toFixed(0));
  const ratio = median(plain.map((one) => one.ms)) / ms;
  return [name, mails.toLocaleString('en'), ((mails / ms) * 1000).toFixed(0), ratio.toFixed(2), ...memory];
}

/** One update to `count` readers through a real mail server that is killed four times meanwhile. Returns what to print. */
export async function benchKilledServer(count: number): Promise<string> {
  const reason = whyNot('smtpd');
  if (reason !== undefined) return `A mail server that is killed: left out, ${reason}.\n`;
  const domain = 'shop.example';
  await using mailboxes = await startMailboxes(domain);
  const began = performance.now();
  const { list, inDoubt, kills } = await deliverThroughKills(mailboxes, {
    domain,
    count,
    killAfter: Math.floor(count / 5),
  });
  const readers = async () => new Set((await mailboxes.mails()).map(({ reader }) => reader)).size;
  while ((await readers()) < list.length) await new Promise((resolve) => setTimeout(resolve, 500));
  const mails = await mailboxes.mails();
  const unexplained = unexplainedCopies(mails, inDoubt).length;
  return table([
    ['OpenSMTPD killed amid deliveries', 'kills', 'mailboxes', 'complete', 'copies', 'unexplained', 's'],
    [
      `${count.toLocaleString('en')} mails`,
      `${kills}`,
      `${list.length}`,
      `${await readers()}`,
      `${mails.length - list.length}`,
      `${unexplained}`,
      ((performance.now() - began) / 1000).toFixed(0),
    ],
  ]);
}
