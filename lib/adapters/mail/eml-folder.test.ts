import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { instant } from '../../testing/builders.ts';
import { temporaryFolder } from '../../testing/content-root.ts';
import { aMail } from '../../testing/mail-builders.ts';
import { parseMail } from '../../testing/mail-server.ts';
import { emlFolder } from './eml-folder.ts';

test('each mail is a file of its own that holds all of it, and the names sort by time', async () => {
  await using folder = await temporaryFolder();
  const mails = join(folder.path, 'state', 'mail');
  const transport = emlFolder(mails);
  for (const [index, at] of [
    '2026-11-20T10:06:00.120Z',
    '2026-11-20T10:06:00.004Z',
    '2026-11-19T23:00:00Z',
  ].entries()) {
    const mail = aMail({
      date: instant(at),
      messageId: `${index}@marigold.example`,
      subject: `Nummer ${index} für Änne`,
    });
    expect(await transport.send(mail)).toEqual({ kind: 'accepted' });
  }
  const names = (await readdir(mails)).sort();
  expect(names).toEqual([
    expect.stringMatching(/^2026-11-19T23-00-00\.000Z-[0-9a-f]{16}\.eml$/),
    expect.stringMatching(/^2026-11-20T10-06-00\.004Z-[0-9a-f]{16}\.eml$/),
    expect.stringMatching(/^2026-11-20T10-06-00\.120Z-[0-9a-f]{16}\.eml$/),
  ]);
  const raw = await readFile(join(mails, names[2] ?? ''));
  expect(raw.toString().replaceAll('\r\n', '')).not.toContain('\n');
  const { subject, from, to, text, html, messageId, inReplyTo, references, date } = await parseMail(raw);
  expect({ subject, text, html, messageId, inReplyTo, references, date }).toEqual({
    subject: 'Nummer 0 für Änne',
    text: 'Payments are going through again.\n',
    html: '<p>Payments are going through again.</p>\n',
    messageId: '<0@marigold.example>',
    inReplyTo: '<thread@marigold.example>',
    references: '<thread@marigold.example>',
    date: instant('2026-11-20T10:06:00Z'),
  });
  expect({ from: from?.text, to: Array.isArray(to) ? [] : to?.text }).toEqual({
    from: '"Marigold Commerce" <status@marigold.example>',
    to: 'ada@shop.example',
  });
  expect((await stat(mails)).mode & 0o777).toBe(0o700);
});

test('a folder that cannot be written is an error, and no mail is taken for sent', async () => {
  await using folder = await temporaryFolder();
  await folder.write('mail', 'a file');
  await expect(emlFolder(join(folder.path, 'mail')).send(aMail())).rejects.toThrow('could not be written (EEXIST)');
});
