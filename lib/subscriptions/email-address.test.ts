import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EmailAddress, readEmailAddress } from './email-address.ts';

function addressOf(text: string): EmailAddress {
  const reading = readEmailAddress(text);
  if (reading.kind !== 'address') throw new Error(reading.reason);
  return reading.address;
}

function refusalOf(text: string): string {
  const reading = readEmailAddress(text);
  return reading.kind === 'refused' ? reading.reason : `taken as ${reading.address.typed}`;
}

describe('an address', () => {
  test.each([
    ['ann@example.com', 'ann@example.com', 'ann@example.com'],
    ['  ann@example.com\t', 'ann@example.com', 'ann@example.com'],
    ['Ann.Lee+News@Example.COM', 'Ann.Lee+News@Example.COM', 'ann.lee+news@example.com'],
    [
      "o'hara_{x}!#$%&*/=?^`|~-@a-b.example",
      "o'hara_{x}!#$%&*/=?^`|~-@a-b.example",
      "o'hara_{x}!#$%&*/=?^`|~-@a-b.example",
    ],
    ['ann@BÜCHER.example', 'ann@xn--bcher-kva.example', 'ann@xn--bcher-kva.example'],
    ['ann@ｅｘａｍｐｌｅ.com', 'ann@example.com', 'ann@example.com'],
    ['ann@XN--BCHER-KVA.example', 'ann@XN--BCHER-KVA.example', 'ann@xn--bcher-kva.example'],
    ['ann@straße.example', 'ann@xn--strae-oqa.example', 'ann@xn--strae-oqa.example'],
    ['ÅSA@example.com', 'ÅSA@example.com', 'Åsa@example.com'],
    ['A\u030asa@example.com', 'A\u030asa@example.com', 'Åsa@example.com'],
    ['ann@localhost', 'ann@localhost', 'ann@localhost'],
    ['__proto__@constructor', '__proto__@constructor', '__proto__@constructor'],
  ])('%s gets mail as %s and is known as %s', (text, typed, folded) => {
    expect(readEmailAddress(text)).toEqual({ kind: 'address', address: { typed, folded } });
  });

  test('two mailboxes are never one', () => {
    const mailboxes = [
      'istanbul',
      'ıstanbul',
      'İstanbul',
      'strasse',
      'straße',
      'ﬁn',
      'fin',
      'Åsa',
      'åsa',
      'ａnn',
      'ann',
      'а',
      'a',
    ];
    const folded = mailboxes.map((local) => addressOf(`${local}@example.com`).folded);
    expect(new Set(folded).size).toBe(mailboxes.length);
  });

  test('its longest parts are 64 and 254 bytes', () => {
    const domain = `${'d'.repeat(61)}.${'d'.repeat(61)}.${'d'.repeat(61)}.bbb`;
    expect(addressOf(`${'a'.repeat(64)}@${domain}`).typed).toHaveLength(254);
    expect(refusalOf(`${'a'.repeat(64)}@b${domain}`)).toBe('The address is longer than 254 characters.');
    expect(refusalOf(`${'a'.repeat(65)}@example.com`)).toBe('Before the @ there may be 64 characters.');
    expect(refusalOf(`${'ä'.repeat(33)}@example.com`)).toBe('Before the @ there may be 64 characters.');
    expect(refusalOf(`a@${'d'.repeat(64)}.com`)).toBe(
      'What stands after the @ is no domain. It looks like example.com.',
    );
    expect(refusalOf(`a@${'a.'.repeat(126)}com`)).toBe('The address is longer than 254 characters.');
    expect(refusalOf('a'.repeat(10_000))).toBe('The address is longer than 254 characters.');
  });
});

describe('no address', () => {
  const twoParts = 'An address is a name and a domain with one @ between them, like name@example.com.';
  const local =
    'Before the @ there may be letters, digits and most signs, but no blanks, brackets, commas or quotation marks, and no dot at an end or beside another dot.';
  const quoted = 'Addresses with quotation marks cannot subscribe. Use one without them.';
  const domain = 'What stands after the @ is no domain. It looks like example.com.';
  const letters = 'After the @ there may be letters, digits, hyphens and dots alone, like example.com.';
  const ip = 'Write the name of a domain after the @, not an IP address.';
  const number = 'Write the name of a domain after the @, not an IP address or a number.';
  test.each([
    ['', 'Write your e-mail address.'],
    [' \t', 'Write your e-mail address.'],
    ['ann', twoParts],
    ['@example.com', twoParts],
    ['ann@', twoParts],
    ['ann@bob@example.com', twoParts],
    ['"ann lee"@example.com', quoted],
    ['"ann@home"@example.com', twoParts],
    ['ann(home)@example.com', local],
    ['Ann <ann@example.com>', local],
    ['ann lee@example.com', local],
    ['.ann@example.com', local],
    ['ann.@example.com', local],
    ['a..b@example.com', local],
    ['ann,bob@example.com', local],
    ['ann\\@example.com', local],
    ['ann\u0000@example.com', local],
    ['ann\r\nBcc: bob@example.com', local],
    ['\nann@example.com', local],
    ['a\u200bnn@example.com', local],
    ['a\u202enn@example.com', local],
    ['\u212aann@example.com', 'Before the @ there is a sign that only looks like a letter or a digit. Type it anew.'],
    ['ann@[127.0.0.1]', ip],
    ['ann@[IPv6:::1]', ip],
    ['ann@127.0.0.1', number],
    ['ann@0x7f.1', number],
    ['ann@1', number],
    ['ann@example.1', domain],
    ['ann@example.com\r\n', letters],
    ['ann@exa mple.com', letters],
    ['ann@exa\u00admple.com', letters],
    ['ann@%65xample.com', letters],
    ['ann@example.com, bob@example.com', twoParts],
    ['ann@exa_mple.com', letters],
    ['ann@example.com:25', letters],
    ['ann@example..com', domain],
    ['ann@.example.com', domain],
    ['ann@example.com.', domain],
    ['ann@-example.com', domain],
    ['ann@example-.com', domain],
  ])('%j: %s', (text, reason) => expect(refusalOf(text)).toBe(reason));

  test('a refusal repeats nothing of what was typed', () => {
    const texts = [
      'ann@bob@example.com',
      'ann lee@example.com',
      'ann@exa_mple.com',
      'ann@-example.com',
      `${'a'.repeat(65)}@b`,
    ];
    for (const text of texts) expect(refusalOf(text).includes(text.slice(0, 7))).toBe(false);
  });
});

test('a law: whatever is typed is refused, or an address that is read the same again, on one line', () => {
  const signs = Array.from('abAZ09éÉ.+-_@"\\()<>[]:;, \t\r\n\0ıİK\u212a\u0130\u0307\u200b\u202e\u00ad。．ａßﬁа😀%');
  const part = fc.array(fc.constantFrom(...signs), { minLength: 1, maxLength: 8 }).map((some) => some.join(''));
  fc.assert(
    fc.property(part, part, (local, domain) => {
      const reading = readEmailAddress(`${local}@${domain}`);
      if (reading.kind === 'refused') return;
      const { typed, folded } = reading.address;
      expect(typed).toMatch(/^[^\s<>()[\]\\,;:"@]+@[^\s<>()[\]\\,;:"@]+$/);
      expect(addressOf(typed)).toEqual({ typed, folded });
      expect(addressOf(folded).folded).toBe(folded);
    }),
    { numRuns: 1000 },
  );
});

test('a law: one mailbox under any letter case is one address', () => {
  const name = fc.string({ unit: fc.constantFrom(...'abcXYZ019+-_'), minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(name, fc.infiniteStream(fc.boolean()), (local, upper) => {
      const address = `${local}@example.com`;
      const written = Array.from(address, (sign) =>
        upper.next().value ? sign.toUpperCase() : sign.toLowerCase(),
      ).join('');
      expect(addressOf(written).folded).toBe(address.toLowerCase());
    }),
  );
});
