import { createHash } from 'node:crypto';
import type { SendMailOptions } from 'nodemailer';
import { encode as base64, wrap as inBase64Lines } from 'nodemailer/lib/base64';
import MailComposer from 'nodemailer/lib/mail-composer';
import type MimeNode from 'nodemailer/lib/mime-node';
import { wrap as inQuotedLines, encode as quotedPrintable } from 'nodemailer/lib/qp';
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

/** Whom the server is told that the mail is from and for. */
export function envelopeOf({ from, to }: Mail): { from: string; to: string[] } {
  return { from: from.address, to: [to] };
}

/** The mail as the library takes it: every header a value that the library encodes, and nothing read from elsewhere. */
export function mimeOf(mail: Mail): SendMailOptions {
  const { from, to, date, subject, text, html, messageId, references } = mail;
  return {
    from: { name: oneLine(from.name), address: from.address },
    to: { name: '', address: to },
    envelope: envelopeOf(mail),
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

/**
 * The mail as the bytes of a complete message, the same that the library writes. It writes through a row of streams for
 * each part, which costs more than all else about a mail; headers, boundaries and encodings are the library's here as well.
 */
export function messageOf(mail: Mail): Buffer {
  const text = written(new MailComposer({ ...mimeOf(mail), baseBoundary: boundaryOf(mail) }).compile());
  return Buffer.from((text.endsWith('\n') ? text : `${text}\n`).replace(/\r\n?|\n/g, '\r\n'));
}

/** What sets the parts off. Nobody who writes an update can know it: the id is a hash over that of the subscriber. */
function boundaryOf({ messageId }: Mail): string {
  return createHash('sha256').update(messageId).digest('hex').slice(0, 16);
}

/** A part of a message and the parts in it. */
function written(part: MimeNode): string {
  const head = `${part.buildHeaders()}\r\n\r\n`;
  const { boundary, childNodes } = part;
  if (typeof boundary !== 'string') return head + encoded(part);
  const parts = childNodes.map((child) => `--${boundary}\r\n${written(child)}`);
  return `${head}${parts.join('\r\n')}\r\n--${boundary}--\r\n`;
}

function encoded(part: MimeNode): string {
  const { content = '' } = part;
  if (typeof content !== 'string') throw new Error('Each part of a mail is text.');
  const encoding = part.getTransferEncoding();
  if (encoding === 'quoted-printable') return inQuotedLines(quotedPrintable(content));
  return encoding === 'base64' ? inBase64Lines(base64(content)) : content;
}

/** What a header can hold: no line ends and no other control characters, whatever a title holds. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
