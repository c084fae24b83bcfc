import { domainToASCII } from 'node:url';

/** An address that mail can be sent to. */
export interface EmailAddress {
  /** As it was typed, for the mail; a domain of other letters than a to z is written as DNS knows it. */
  readonly typed: string;
  /** The same for every way to write the address that leads to one mailbox; two mailboxes never share one. */
  readonly folded: string;
}

/** What a text is as an address; the reason of a refusal is a sentence for people that repeats nothing of the text. */
export type EmailReading =
  | { readonly kind: 'address'; readonly address: EmailAddress }
  | { readonly kind: 'refused'; readonly reason: string };

/** RFC 5321, in bytes. */
const most = { address: 254, local: 64, domain: 253, label: 63 } as const;

/** Atoms of RFC 5322 joined by dots, with the letters and digits of every script (RFC 6531). */
const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\p{L}\\p{M}\\p{Nd}-]+";
const localPattern = new RegExp(`^${atom}(?:\\.${atom})*$`, 'u');
const domainLetters = /^[\p{L}\p{M}\p{Nd}.-]+$/u;
const label = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/**
 * Read an address as people type it: name@domain, without quotes, comments or an IP address. Blanks around it are left out.
 * Folding takes away the case of a to z alone, and the different ways to compose one letter.
 */
export function readEmailAddress(text: string): EmailReading {
  const trimmed = text.replace(/^[ \t]+|[ \t]+$/g, '');
  if (trimmed === '') return refused('Write your e-mail address.');
  if (trimmed.length > most.address || bytes(trimmed) > most.address) {
    return refused(`The address is longer than ${most.address} characters.`);
  }
  const parts = trimmed.split('@');
  const [local = '', written = ''] = parts;
  if (parts.length !== 2 || local === '' || written === '') {
    return refused('An address is a name and a domain with one @ between them, like name@example.com.');
  }
  const fault = faultOfLocal(local) ?? faultOfWrittenDomain(written);
  if (fault !== undefined) return refused(fault);
  const domain = domainToASCII(written);
  const wrong = faultOfDomain(domain);
  if (wrong !== undefined) return refused(wrong);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  const typed = `${local}@${/^[\x00-\x7f]*$/.test(written) ? written : domain}`;
  const folded = `${lowerAscii(local.normalize('NFC'))}@${domain}`;
  if (bytes(typed) > most.address || bytes(folded) > most.address) {
    return refused(`The address is longer than ${most.address} characters.`);
  }
  return { kind: 'address', address: { typed, folded } };
}

function faultOfLocal(local: string): string | undefined {
  if (local.startsWith('"')) return 'Addresses with quotation marks cannot subscribe. Use one without them.';
  if (!localPattern.test(local)) {
    return 'Before the @ there may be letters, digits and most signs, but no blanks, brackets, commas or quotation marks, and no dot at an end or beside another dot.';
  }
  if (bytes(local) > most.local) return `Before the @ there may be ${most.local} characters.`;
  if (hidesAscii(local)) return 'Before the @ there is a sign that only looks like a letter or a digit. Type it anew.';
  return undefined;
}

/** Composing makes plain letters of a few signs, such as the one for kelvin: that would be somebody else's mailbox. */
function hidesAscii(local: string): boolean {
  return Array.from(local).some((sign) => sign > '\u007f' && sign.normalize('NFC').charAt(0) <= '\u007f');
}

function faultOfWrittenDomain(domain: string): string | undefined {
  if (domain.startsWith('[')) return 'Write the name of a domain after the @, not an IP address.';
  if (domainLetters.test(domain)) return undefined;
  return 'After the @ there may be letters, digits, hyphens and dots alone, like example.com.';
}

function faultOfDomain(domain: string): string | undefined {
  const labels = domain.split('.');
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')) {
    return 'Write the name of a domain after the @, not an IP address or a number.';
  }
  const wellFormed = labels.every((one) => label.test(one) && one.length <= most.label);
  if (wellFormed && domain.length <= most.domain) return undefined;
  return 'What stands after the @ is no domain. It looks like example.com.';
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

function refused(reason: string): EmailReading {
  return { kind: 'refused', reason };
}
