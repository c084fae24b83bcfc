import { describe, expect, onTestFinished, test } from 'vitest';
import { launchBrowser } from '../../lib/testing/browser.ts';
import { startCandor } from '../../lib/testing/command-line.ts';
import { temporaryContentRoot } from '../../lib/testing/content-root.ts';
import { startMailboxes, whyNot } from '../../lib/testing/real-servers.ts';
import { readMail, subscriberJourney } from '../../lib/testing/subscriber-journey.ts';

const reason = whyNot('smtpd');

describe.skipIf(reason !== undefined)(`a real mail server${reason === undefined ? '' : `: ${reason}`}`, () => {
  test('its mails are followed from the form to the last page', async () => {
    await using mailboxes = await startMailboxes('shop.example');
    await using root = await temporaryContentRoot({ 'components/reports.yml': 'name: Reports\n' });
    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const running = startCandor(['start', '--port', '0', '--no-probes', '--root', root.path], {
      env: { SMTP_URL: `smtp://${mailboxes.host}:${mailboxes.port}`, MAIL_FROM: 'Meadow <status@meadow.example>' },
    });
    onTestFinished(async () => void (await running.stop('SIGKILL')));
    const [, address = ''] = await running.line(/^The page is at (http:\S+)$/);
    const mails = async () => Promise.all((await mailboxes.mails()).map(({ raw }) => readMail(raw)));
    await subscriberJourney({ browser, root, address, mails });
    expect((await mailboxes.mails()).map(({ reader }) => reader)).toEqual(['ada', 'ada']);
    expect(await running.stop('SIGTERM')).toBe(0);
  });
});
