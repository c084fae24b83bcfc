import type { SendMailOptions } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Mail } from '../../subscriptions/mail-transport.ts';

/** What programs are told of a mail: that no person wrote it (RFC 3834), and how to leave (RFC 2369, 8058). */
function headersFor({ unsubscribeUrl }: Mail): Record<string, string | { prepared: true; value: string }> {
  const automatic = { 'Auto-Submitted': 'auto-generated' };
  if (unsubscribeUrl === undefined) return automatic;
  return {
    ...automatic,
    // Written as it is: an address that is folded within a line is one that some readers cannot follow.
    'List-Unsubscribe': { prepared: true, value: `<${new URL(unsubscribeUrl).href}>` },
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}

/** The mail as the library takes it: every header a value that the library encodes, and nothing read from elsewhere. */
export function mimeOf(mail: Mail): SendMailOptions {
  const { from, to, date, subject, text, html, messageId, references } = mail;
  return {
    from: { name: oneLine(from.name), address: from.address },
    to: { name: '', address: to },
    envelope: { from: from.address, to: [to] },
    date,
    subject: oneLine(subject),
    text,
    html,
    messageId: `<${messageId}>`,
    references: references.map((id) => `<${id}>`),
    ...(references.length === 0 ? {} : { inReplyTo: `<${references.at(-1)}>` }),
    headers: headersFor(mail),
    disableFileAccess: true,
    disableUrlAccess: true,
    xMailer: false,
  };
}

/** The mail as the bytes of a complete message, as they go over the wire. */
export function messageOf(mail: Mail): Promise<Buffer> {
  return new MailComposer({ ...mimeOf(mail), newline: 'windows' }).compile().build();
}

/** What a header can hold: no line ends and no other control characters, whatever a title holds. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
