import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ParsedMail } from 'mailparser';
import { expect, onTestFinished, test } from 'vitest';
import { startCandor } from '../../lib/testing/command-line.ts';
import { temporaryFolder } from '../../lib/testing/content-root.ts';
import { serveFolder } from '../../lib/testing/folder-server.ts';
import { parseMail } from '../../lib/testing/mail-server.ts';
import { snapshotWith } from '../../lib/testing/mailing-list.ts';

const patience = { timeout: 60_000, interval: 200 };
const environment = { SMTP_URL: undefined, MAIL_FROM: undefined, DATABASE_URL: undefined, REDIS_URL: undefined };

function secondsNow(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

/** The mails that were written below a state folder, in the order of their subjects. */
async function mailsIn(state: string): Promise<ParsedMail[]> {
  const folder = join(state, 'mail');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
  const mails = await Promise.all(names.map(async (name) => parseMail(await readFile(join(folder, name)))));
  return mails.sort((a, b) => (a.subject ?? '').localeCompare(b.subject ?? ''));
}

test('subscribers of a folder that is served hear of what is published elsewhere', async () => {
  await using folder = await temporaryFolder();
  const [built, state] = [join(folder.path, 'built'), join(folder.path, 'state')];
  const publish = (...updates: Parameters<typeof snapshotWith>[1]) =>
    folder.write('published/current.json', JSON.stringify(snapshotWith(secondsNow(), updates)));
  await folder.write('built/index.html', '<!doctype html>');
  await folder.write('built/current.json', JSON.stringify(snapshotWith(secondsNow(), [])));
  await publish();
  const published = await serveFolder(join(folder.path, 'published'));
  onTestFinished(published.close);

  const places = ['--from', built, '--snapshot', published.origin, '--root', folder.path, '--state', state];
  const running = startCandor(['serve', '--port', '0', ...places], { env: environment });
  onTestFinished(async () => void (await running.stop('SIGKILL')));
  const [, address = ''] = await running.line(/ is at (http:\S+)$/);
  const form = new URLSearchParams({ email: 'ada@shop.example' });
  const answered = await fetch(`${address}api/v1/status/subscribe`, { method: 'POST', body: form });
  expect(answered.status).toBe(200);
  await running.line(/"msg":"looked"/);
  await expect.poll(async () => (await mailsIn(state)).length, patience).toBe(1);
  const [confirmation] = await mailsIn(state);
  const [link = ''] = /api\/v1\/status\/confirm\/[\w-]{43}/.exec(confirmation?.text ?? '') ?? [];
  expect((await fetch(`${address}${link}`, { method: 'POST' })).status).toBe(200);

  await publish(['investigating', secondsNow(), 'We are looking into tills that cannot start a sale.']);
  await expect.poll(async () => (await mailsIn(state)).length, patience).toBe(2);
  const update = (await mailsIn(state)).find(({ subject }) => subject !== confirmation?.subject);
  expect(update?.to).toMatchObject({ text: 'ada@shop.example' });
  expect(update?.subject).toContain('Card payments are failing for some merchants');
  expect(update?.text).toContain('We are looking into tills that cannot start a sale.');
  expect(await running.stop('SIGTERM')).toBe(0);
});
