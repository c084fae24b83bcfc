import { confirmationTokenHours } from '../../policy/constants.ts';
import { endpointLink } from '../endpoint-links.ts';
import type { Mail } from '../mail-transport.ts';
import { tokenKey } from '../tokens.ts';
import { button, escaped, htmlMail, linked, rule, toned } from './html-mail.ts';
import { domainOf, type MailContext } from './mail-context.ts';
import { confirmationMessageId } from './message-id.ts';
import { wrapped } from './wrapped-text.ts';

/**
 * The mail that asks whether somebody wants mail. It has no header to leave by: nothing was subscribed to yet, and doing
 * nothing is enough.
 */
export function confirmationMail(
  { to, token }: { readonly to: string; readonly token: string },
  { page, from, date }: MailContext,
): Mail {
  const link = endpointLink(page, 'confirm', token);
  const subject = `Confirm your subscription to ${page.name}`;
  const asked = `Somebody, probably you, asked ${page.name} to send mail to this address whenever something does not work as it should.`;
  const ignore = 'If it was not you, do nothing: no other mail comes of it, and the address is forgotten within days.';
  const until = `The link works once, for ${confirmationTokenHours} hours.`;
  return {
    from,
    to,
    date,
    subject,
    messageId: confirmationMessageId(tokenKey('confirm', token), domainOf(from)),
    references: [],
    text: wrapped(
      [asked, 'To confirm that you want it, open this address and press the button:', link, until, ignore].join('\n\n'),
    ).concat(`\n\n-- \n${page.name}\n${page.url}\n`),
    html: htmlMail({
      title: subject,
      preview: 'Press the button to get mail whenever something does not work.',
      body: [
        toned('p', 'soft', 'margin: 0 0 8px; font-size: 14px', escaped(page.name)),
        toned('h1', 'ink', 'margin: 0 0 16px; font-size: 22px; line-height: 1.3', 'Do you want this mail?'),
        `<p style="margin: 0 0 12px">${escaped(asked)}</p>`,
        button(link, 'Yes, send me mail'),
        `<p style="margin: 0 0 12px">${escaped(until)} ${escaped(ignore)}</p>`,
        rule,
        toned('p', 'soft', 'margin: 0; font-size: 14px', linked(page.url, escaped(page.url))),
      ].join('\n'),
    }),
  };
}
