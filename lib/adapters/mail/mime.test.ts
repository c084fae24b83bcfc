import fc from 'fast-check';
import { type AddressObject, simpleParser } from 'mailparser';
import MailComposer from 'nodemailer/lib/mail-composer';
import { expect, test } from 'vitest';
import { aMail } from '../../testing/mail-builders.ts';
import { messageOf, mimeOf } from './mime.ts';

/** Text that tries to become a header, among all others. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'x\r\nBcc: eve@evil.example',
    'x\nBcc: eve@evil.example\n\nbody',
    'x\r\n\r\n<script>',
    'x\u2028Bcc: eve@evil.example',
    '=?utf-8?Q?x=0D=0ABcc:_eve@evil.example?=',
    'x"\r\n , "Eve" <eve@evil.example>, "',
    'Bcc: eve@evil.example',
    'a, b: c; <eve@evil.example>',
    '\0',
  ),
);

const headers = [
  'auto-submitted',
  'content-type',
  'date',
  'from',
  'in-reply-to',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'message-id',
  'mime-version',
  'references',
  'subject',
  'to',
];

/** The names of the headers of a message, in lower case, sorted. */
function headersOf(raw: Buffer): string[] {
  const [head = ''] = raw.toString('latin1').split('\r\n\r\n');
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
  return lines.map((line) => line.split(':')[0]?.toLowerCase() ?? '').sort();
}

function addressesIn(field: AddressObject | AddressObject[] | undefined): (string | undefined)[] {
  return [field ?? []].flat().flatMap(({ value }) => value.map(({ address }) => address));
}

test('whatever a title, a name or a text holds, no header comes of it and nobody else gets the mail', async () => {
  const property = fc.asyncProperty(hostile, hostile, hostile, async (subject, name, text) => {
    const from = { name, address: 'status@marigold.example' };
    const raw = messageOf(aMail({ from, subject: `Resolved: ${subject}`, text: `${text}\n` }));
    expect(headersOf(raw)).toEqual(headers);
    expect(raw.toString('latin1')).not.toMatch(/[\0\x80-\xff]/);
    const parsed = await simpleParser(raw);
    expect([parsed.from, parsed.to, parsed.bcc].map(addressesIn)).toEqual([
      ['status@marigold.example'],
      ['ada@shop.example'],
      [],
    ]);
  });
  await fc.assert(property, { numRuns: 150 });
});

test('nor whatever an address or a link is', () => {
  const property = fc.property(hostile, (text) => {
    const unsubscribeUrl = `https://status.marigold.example/api/v1/status/unsubscribe/${text}`;
    const [head = ''] = messageOf(aMail({ to: `${text}@shop.example`, unsubscribeUrl }))
      .toString()
      .split('\r\n\r\n');
    expect(headers).toEqual(expect.arrayContaining(headersOf(Buffer.from(head))));
  });
  fc.assert(property, { numRuns: 150 });
});

test('a title in any script is read as it was written', async () => {
  const property = fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), async (title) => {
    const { subject } = await simpleParser(messageOf(aMail({ subject: `Identified: ${title}` })));
    expect(subject?.replaceAll(/\s+/g, ' ').trim()).toBe(`Identified: ${title}`.replaceAll(/\s+/g, ' ').trim());
  });
  await fc.assert(property, { numRuns: 150 });
});

test('a message is what the library writes of the same mail, byte by byte', async () => {
  const words = fc.oneof(hostile, fc.string({ unit: 'grapheme', maxLength: 400 }), fc.lorem({ maxCount: 80 }));
  const property = fc.asyncProperty(words, words, async (text, html) => {
    const mail = aMail({ text: `${text}\n`, html: `<p>${html}</p>\n` });
    const expected = await new MailComposer({ ...mimeOf(mail), newline: 'windows' }).compile().build();
    const [ours, library] = [messageOf(mail), expected].map(withoutBoundary);
    expect(ours).toBe(library);
  });
  await fc.assert(property, { numRuns: 150 });
});

/** The text of a message, with its parts set off by a name that is the same in all. */
function withoutBoundary(raw: Buffer): string {
  const [, boundary] = /boundary="([^"]+)"/.exec(raw.toString()) ?? [];
  if (boundary === undefined) throw new Error('A mail has two parts.');
  return raw.toString().replaceAll(boundary, 'BOUNDARY');
}
