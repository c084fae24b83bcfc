import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRedactionRules } from '../policy/redaction.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { findInMarkdown, redactMarkdown } from './redact-markdown.ts';
import { redactTree } from './redact-tree.ts';
import { outlineMarkdown } from './redaction/markdown-outline.ts';
import { textOf } from './redaction/reading.ts';

const rules = compileRedactionRules({
  supportEmail: 'support@example.com',
  names: ['Jane Doe', 'Zoë Müller'],
  hosts: [],
  patterns: [],
});
const redacted = (source: string) => redactMarkdown(source, rules).text;

describe('the marker stays plain text', () => {
  test.each([
    ['10.0.0.1: https://example.com/x', '\\[redacted]: https://example.com/x'],
    ['10.0.0.1: and so on', '[redacted]: and so on'],
    ['10.0.0.1(https://example.com)', '\\[redacted](https://example.com)'],
    ['!10.0.0.1(https://example.com)', '!\\[redacted](https://example.com)'],
    ['[see 10.0.0.1(x) there', '[see \\[redacted\\](x) there'],
    ['on 10.0.0.1[x]\n\n[x]: https://example.com', 'on \\[redacted][x]\n\n[x]: https://example.com'],
    ['on 10.0.0.1\n\n[redacted]: https://example.com', 'on \\[redacted]\n\n[redacted]: https://example.com'],
    ['[x]10.0.0.1\n\n[x]: https://example.com', '[x]\\[redacted]\n\n[x]: https://example.com'],
    ['[ask 10.0.0.1](https://example.com)', '[ask [redacted]](https://example.com)'],
    ['[10.0.0.1](https://example.com)', '[redacted]'],
    [
      '[**10.0.0.1**, `db.internal`][x]\n\n[x]: https://example.com',
      '**[redacted]**, `[redacted]`\n\n[x]: https://example.com',
    ],
    ['[10.0.0.1](https://example.com): https://example.org', '\\[redacted]: https://example.org'],
    ['- [::1]:8080\n- up', '- [redacted]\n- up'],
    ['[10.0.0.1]: down.', '[redacted]'],
    ['[10.0.0.1]: https://example.com', ''],
    ['- [ ] 10.0.0.1', '- [ ] [redacted]'],
  ])('%j becomes %j', (source, expected) => expect(redacted(source)).toBe(expected));
});

describe('disguises that a renderer undoes', () => {
  test.each([
    ['10\\.0\\.0\\.1', '[redacted]'],
    ['10&#46;0&period;0&#x2e;1', '[redacted]'],
    ['10.**0**.0.1', '[redacted]'],
    ['10.0.<!-- -->0.<b>1</b>', '[redacted]<b></b>'],
    ['10.0.<script>x</script>0.1', '[redacted]'],
    ['１０.0.0\u200B.1 is down', '[redacted] is down'],
    ['**ask 10.0**.0.1 now', 'ask [redacted] now'],
    ['`ask 10.0`.0.1', '`ask [redacted]`'],
    ['[10.0](https://example.com).0.1', '[redacted]'],
    ['**Jane**\nDoe’s fix', '[redacted]’s fix'],
    ['[Zoë M](https://example.com/)üller', '[redacted]'],
    ['Zoë Mü[ller](https://example.com/)', '[redacted]'],
    ['|a|\n|-|\n|10.0.0.1|', '|a|\n|-|\n|[redacted]|'],
    ['```db.internal\nat open (till.js:1:2)\n```', '```[redacted]\n[redacted]\n```'],
    ['> at a.b (till.js:1:2)\n> at c.d (till.js:1:2)\n> It is back.', '> [redacted]\n> It is back.'],
    ['at Till.<anonymous> (<root>/till.js:1:2)', '[redacted]'],
    ['<div>\n10.0.<i>0</i>.1 &#49;0.0.0.2\n</div>', '<div>\n[redacted] [redacted]\n</div>'],
    ['x\n\n<!-- 10.0.0.1 -->', 'x\n\n<!-- [redacted] -->'],
  ])('%j becomes %j', (source, expected) => expect(redacted(source)).toBe(expected));
});

describe('addresses of links', () => {
  test.each([
    ['[till](http://db.internal/x "t") is up', 'till [redacted] is up'],
    ['[till](http://10%2E0.0.1/)', 'till [redacted]'],
    ['[till](https://example.com/Jane%20Doe)', 'till [redacted]'],
    ['[till](<https://example.com/Zoë Müller>)', 'till [redacted]'],
    ['[till](https://example.com/?who=Zo%C3%AB+M%C3%BCller)', 'till [redacted]'],
    ['[till](https://example.com "Zo%C3%AB%20M%C3%BCller")', '[till](https://example.com "[redacted]")'],
    ['[till](https://example.com/?jane%40example.com)', 'till [redacted]'],
    ['[t](https://example.com "Jane Doe")', '[t](https://example.com "[redacted]")'],
    ['![till](http://db.internal/x.png) is up', '[redacted] is up'],
    ['<http://db.internal/x>', '[redacted]'],
    ['[till][1] and [1]\n\n[1]: http://db.internal/x\n', 'till [redacted] and 1 [redacted]\n\n\n'],
    ['[Jane Doe]\n\n[jane doe]: https://example.com\n', '[redacted]\n\n\n'],
    ['<a href="http://db.internal/">till</a>', '<a href="[redacted]">till</a>'],
  ])('%j becomes %j', (source, expected) => expect(redacted(source)).toBe(expected));
});

describe('what holds nothing comes back byte for byte', () => {
  test.each([
    'Up at 12:30:45, *all* of [it](https://example.com/a_b), v3.2.1 & more.\r\n\r\n\tcode\t\n',
    'Write to support@example.com or <support@example.com>.',
    'beginning at 18:00 (UTC)\nat 18:00 (UTC)',
    '[redacted] and [redacted](https://example.com)',
    '',
  ])('%j', (source) => {
    expect(redactMarkdown(source, rules)).toEqual({ text: source, findings: [] });
    expect(findInMarkdown(source, rules)).toEqual([]);
  });
});

test('findings name kind and place in the source as it was', () => {
  const source = 'Up.\n\n- see 10.**0**.0.1 and\n  [x](http://db.internal)\n';
  const findings = [
    { kind: 'ipv4', line: 3, column: 7 },
    { kind: 'internal_host', line: 4, column: 7 },
  ];
  expect(findInMarkdown(source, rules)).toEqual(findings);
  expect(redactMarkdown(source, rules).findings).toEqual(findings);
});

test('a text beyond the limits of Markdown is redacted as it is typed', () => {
  const nested = `${'> '.repeat(200)}ask 10.0.0.1 now`;
  expect(redacted(nested)).toBe(nested.replace('10.0.0.1', '[redacted]'));
});

describe('laws', () => {
  const secret = fc.constantFrom(
    '10.0.0.1',
    'fe80::1',
    'jane@example.com',
    'db.internal',
    'acct_1MWlHDJITz0Vzk',
    'Jane Doe',
    'Zoë Müller',
  );
  const disguises: readonly ((text: string) => string)[] = [
    (text) => text,
    (text) => `**${text}**`,
    (text) => `*${text.slice(0, 4)}*${text.slice(4)}`,
    (text) => `${text.slice(0, 4)}<!-- x -->${text.slice(4)}`,
    (text) => `${text.slice(0, 4)}\u00AD${text.slice(4)}`,
    (text) => [...text].map((character) => `&#${character.codePointAt(0)};`).join(''),
    (text) => text.replace(/[.:@_]/g, '\\$&'),
    (text) =>
      text.replace(/[0-9a-z.@]/g, (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0)),
    (text) => `\`${text}\``,
    (text) => `[${text}](https://example.com)`,
    (text) => `[x](<https://example.com/${text}>)`,
    (text) => `[x](https://example.com "${text}")`,
    (text) => `[${text.slice(0, 5)}](https://example.com)${text.slice(5)}`,
    (text) => `${text.slice(0, 3)}[${text.slice(3)}](https://example.com)`,
    (text) => `[x](https://example.com/${encodeURIComponent(text)})`,
    (text) => `[x](https://example.com/?q=${encodeURIComponent(text).replaceAll('%20', '+')})`,
    (text) => `![${text}](https://example.com)`,
    (text) => `\n\n    ${text}\n\n`,
    (text) => `\n\n> - ${text}\n\n`,
    (text) => `\n\n\`\`\`\n${text}\n\`\`\`\n\n`,
    (text) => `\n\n# ${text}\n\n`,
    (text) => `\n\n|a|\n|-|\n|${text}|\n\n`,
    (text) => `\n\n<p title="${text}">\n\n`,
  ];
  const other = fc.constantFrom(
    'We see',
    ': https://example.com',
    '(https://example.com)',
    '[x]',
    '[',
    ']',
    '!',
    '*',
    '**',
    '`',
    '\n',
    '\n\n',
    '[redacted]',
    '\n\n[redacted]: https://example.com\n\n',
    '<b>',
    '</b>',
    '- ',
    '> ',
    '\\',
    '&',
    '<',
  );
  const piece = fc.oneof(
    fc.tuple(secret, fc.constantFrom(...disguises)).map(([text, disguise]) => ` ${disguise(text)} `),
    other,
  );
  const source = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  // Inside of code the syntax of a link stands between the halves of an address, and no renderer undoes that.
  const secrets = /10\.0\.0\.1|fe80::1|jane@(?!\]\()|db\.internal|acct_1|Jane\s+Doe|Zo\u00EB\s+M\u00FCller/i;
  const read = (markdown: string) =>
    outlineMarkdown(markdown).readings.map(({ pieces }) => textOf(pieces).normalize('NFKC').replaceAll('\u00AD', ''));

  test('no secret survives its disguise, and nothing is left to redact', () => {
    fc.assert(
      fc.property(source, (markdown) => {
        const once = redacted(markdown);
        expect(read(once).filter((text) => secrets.test(text))).toEqual([]);
        expect(redactMarkdown(once, rules)).toEqual({ text: once, findings: [] });
      }),
      { numRuns: 500 },
    );
  });

  test('the tree of what was redacted holds nothing to redact', () => {
    fc.assert(
      fc.property(source, (markdown) => {
        expect(redactTree(parseMarkdown(redacted(markdown)), rules)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('what a tree holds that is to be redacted, its source holds as well', () => {
    fc.assert(
      fc.property(source, (markdown) => {
        const found = redactTree(parseMarkdown(markdown), rules);
        expect(found.length === 0 || redacted(markdown) !== markdown).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('a tree that was redacted holds nothing to redact', () => {
    fc.assert(
      fc.property(source, (markdown) => {
        const tree = parseMarkdown(markdown);
        redactTree(tree, rules);
        expect(redactTree(tree, rules)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
