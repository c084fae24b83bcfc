import { describe, expect, test } from 'vitest';
import { deliverThroughKills, unexplainedCopies } from '../testing/killed-mail-server.ts';
import { parseMail } from '../testing/mail-server.ts';
import { startMailboxes, whyNot } from '../testing/real-servers.ts';

const reason = whyNot('smtpd');
const domain = 'shop.example';

describe.skipIf(reason !== undefined)(`a real mail server${reason === undefined ? '' : `: ${reason}`}`, () => {
  test('that is killed amid deliveries: each mailbox is complete, and each copy explained', async () => {
    await using mailboxes = await startMailboxes(domain);
    const { list, inDoubt, kills } = await deliverThroughKills(mailboxes, { domain, count: 150, killAfter: 50 });
    expect(kills).toBe(2);
    const names = list.map((email) => email.slice(0, email.indexOf('@')));
    const readers = async () => new Set((await mailboxes.mails()).map(({ reader }) => reader));
    await expect.poll(async () => (await readers()).size, { timeout: 50_000, interval: 100 }).toBe(list.length);
    const mails = await mailboxes.mails();
    expect(await readers()).toEqual(new Set(names));
    expect(unexplainedCopies(mails, inDoubt)).toEqual([]);
    expect(inDoubt.size).toBeLessThanOrEqual(kills * 10);
    const [first] = mails;
    const parsed = await parseMail(first?.raw ?? Buffer.alloc(0));
    expect(parsed).toMatchObject({
      subject: 'Investigating: Card payments are failing for some merchants',
      text: expect.stringContaining('We are looking into it.'),
      html: expect.stringContaining('<p>We are looking into it.</p>'),
    });
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
    expect(parsed.headers.get('list-unsubscribe-post') ?? parsed.headers.get('list')).toBeDefined();
  });
});
