import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Problem } from '../schema/problem.ts';
import { contentFiles, soundTexts } from '../testing/builders.ts';
import { parseContent } from './parse-content.ts';

const path = 'incidents/2026-11-20-card-payments.md';
const sound = soundTexts[path];
const now = new Date('2026-11-21T00:00:00Z');

function problemsOf(changes: Parameters<typeof contentFiles>[0]): readonly Problem[] {
  return parseContent(contentFiles(changes), { now }).problems;
}

/** `file:line:column rule: message fix`, which is what a person reads. */
function lines(problems: readonly Problem[]): string[] {
  return problems.map((p) => `${p.file}:${p.line}:${p.column} ${p.rule}: ${p.message} ${p.fix}`);
}

test('a sound root becomes content', () => {
  const { content, problems } = parseContent(contentFiles(), { now });
  expect(problems).toEqual([]);
  expect(content?.components.map(({ id, name, order }) => ({ id, name, order }))).toEqual([
    { id: 'payments', name: 'Payments', order: 0 },
  ]);
  const [incident] = content?.incidents ?? [];
  expect(incident).toMatchObject({
    id: '2026-11-20-card-payments',
    file: path,
    title: 'Card payments are failing for some merchants',
    published: true,
    impact: 'major',
    components: new Map([['payments', 'partial_outage']]),
    state: 'resolved',
    startedAt: new Date('2026-11-20T09:05:00Z'),
    resolvedAt: undefined,
    autoDetected: false,
    importedFrom: undefined,
  });
  expect(incident?.updates[2]).toEqual({
    state: 'monitoring',
    at: new Date('2026-11-20T10:05:00Z'),
    components: new Map([['payments', 'degraded_performance']]),
    body: 'Payments are going through again, slower than usual.',
    position: { line: 19, column: 1 },
    bodyPosition: { line: 21, column: 1 },
  });
  expect(incident?.positions.get('components.payments')).toEqual({ line: 6, column: 3 });
});

test('incidents come newest first, components by order and name', () => {
  const older = sound.replaceAll('2026-11-20', '2026-11-19');
  const { content } = parseContent(
    contentFiles({
      'incidents/2026-11-19-older.md': older,
      'components/b.yml': 'name: Tills\norder: 2\n',
      'components/a.yml': 'name: Orders\norder: 2\n',
    }),
    { now },
  );
  expect(content?.incidents.map(({ id }) => id)).toEqual(['2026-11-20-card-payments', '2026-11-19-older']);
  expect(content?.components.map(({ id }) => id)).toEqual(['payments', 'a', 'b']);
});

test('one bad file keeps no other from being reported, nor from being read', () => {
  const { content, problems } = parseContent(
    contentFiles({
      'components/refunds.yml': 'nmae: Refunds\n',
      'incidents/2026-11-18-broken.md': '---\ntitle: [x\n---\n',
    }),
    { now },
  );
  expect(problems.map(({ file, rule }) => `${file} ${rule}`)).toEqual([
    'components/refunds.yml unknown-key',
    'incidents/2026-11-18-broken.md yaml',
    'incidents/2026-11-18-broken.md no-update',
  ]);
  expect(content?.incidents.map(({ id }) => id)).toEqual(['2026-11-20-card-payments']);
});

test('the hint for editors is a comment', () => {
  const hint = '# yaml-language-server: $schema=../site/public/schemas/incident-front-matter.json\n';
  expect(problemsOf({ [path]: sound.replace('---\n', `---\n${hint}`) })).toEqual([]);
});

test.each<[string, Parameters<typeof contentFiles>[0], string[]]>([
  [
    'broken YAML',
    { 'components/payments.yml': 'name: "Payments\n' },
    [
      'components/payments.yml:2:1 yaml: Something is missing: a closing quote or bracket, or a space after a colon. Close it on the same line.',
    ],
  ],
  [
    'a key twice',
    { 'components/payments.yml': 'name: Payments\nname: Refunds\n' },
    ['components/payments.yml:2:1 yaml: This key stands here a second time. Keep one of the two.'],
  ],
  [
    'an alias',
    { 'components/payments.yml': 'name: &a Payments\ndescription: *a\n' },
    [
      'components/payments.yml:2:14 yaml: There is an alias (a value that begins with *). Write the value out, or put it in quotes.',
    ],
  ],
  [
    'a tag',
    { 'components/payments.yml': 'name: !!js/function "x"\n' },
    [
      'components/payments.yml:1:7 yaml: There is a tag (a word that begins with !). Delete the tag, or put the text in quotes.',
    ],
  ],
  [
    'a missing key',
    { [path]: sound.replace('impact: major\n', '') },
    [`${path}:2:1 missing-key: \`impact\` is missing. Add \`impact: none | minor | major | critical\`.`],
  ],
  [
    'an unknown key, and what was meant',
    { [path]: sound.replace('impact:', 'impct:') },
    [`${path}:4:1 unknown-key: \`impct\` is not a key here. Did you mean \`impact\`?`],
  ],
  [
    'a word that is not in the list',
    { [path]: sound.replace('impact: major', 'impact: mayor') },
    [
      `${path}:4:9 wrong-value: \`impact\` is \`mayor\`, which is none of none, minor, major, critical. Did you mean \`major\`?`,
    ],
  ],
  [
    'a number where text belongs',
    { [path]: sound.replace(/title: .*/, 'title: 2026') },
    [`${path}:2:8 wrong-value: \`title\` must be text, and is a number. Put it in quotes.`],
  ],
  [
    'front matter in another language, which is not run',
    { [path]: sound.replace('---\n', '---js\n') },
    [
      `${path}:1:4 front-matter-language: The front matter names a language of its own; it was not read. Begin the file with \`---\` alone, and write the front matter in YAML.`,
    ],
  ],
  [
    'a byte order mark',
    { [path]: `\uFEFF${sound}` },
    [`${path}:1:1 byte-order-mark: The file begins with a byte order mark. Save it as UTF-8 without a BOM.`],
  ],
  [
    'Windows line endings',
    { [path]: sound.replaceAll('\n', '\r\n') },
    [
      `${path}:1:4 line-ending: Lines end with a carriage return (Windows line endings). Save the file with LF line endings; in git, \`* text=auto eol=lf\` in .gitattributes keeps it so.`,
    ],
  ],
  [
    'bytes that are not UTF-8',
    { [path]: Buffer.from(sound.replace('some', 'sömé'), 'latin1') },
    [
      `${path}:2:39 encoding: Byte 43 of the file (0xF6) is not UTF-8. Save the file as UTF-8 (in most editors: "Save with encoding").`,
    ],
  ],
  [
    'an invisible control character',
    { [path]: sound.replace('work again', 'work \u001B[2Kagain') },
    [
      `${path}:25:20 control-character: There is an invisible control character (U+001B) here. Delete it; text needs line feeds and tabs at most.`,
    ],
  ],
  [
    'a date that does not exist',
    { [path]: sound.replace('2026-11-20T09:40:00Z', '2026-02-30T09:40:00Z') },
    [
      `${path}:15:15 update-heading: The instant of the update names a date or a time that does not exist. Write an existing date, a time with seconds and a zone: 2026-11-20T09:05:00Z.`,
    ],
  ],
  [
    'a time without a zone',
    { [path]: sound.replace('started_at: 2026-11-20T09:05:00Z', 'started_at: 2026-11-20T09:05:00') },
    [
      `${path}:8:13 wrong-value: \`started_at\` has a time without a zone. Write an existing date, a time with seconds and a zone: 2026-11-20T09:05:00Z.`,
    ],
  ],
  [
    'a heading that is not an update',
    { [path]: sound.replace('## identified', '## Background\n\nMore.\n\n## identified') },
    [
      `${path}:15:4 update-heading: The heading is not that of an update. Write \`## <state> <instant>\`, such as \`## investigating 2026-11-20T09:05:00Z\`, with one of investigating, identified, monitoring, resolved; a heading inside an update is \`### ...\`.`,
    ],
  ],
  [
    'a misspelt state',
    { [path]: sound.replace('## identified', '## identifed') },
    [
      `${path}:15:4 update-heading: The state is \`identifed\`, which is none of investigating, identified, monitoring, resolved. Did you mean \`identified\`?`,
    ],
  ],
  [
    'an update with the wrong number of number signs',
    { [path]: sound.replace('## identified', '### identified') },
    [
      `${path}:15:1 update-heading: This looks like the heading of an update and is none. Begin the line with \`## \`: two number signs and a space.`,
    ],
  ],
  [
    'an underlined heading in an update',
    { [path]: sound.replace('Card payments work', 'Good news\n---\n\nCard payments work') },
    [
      `${path}:25:1 other-heading: There is a heading of the first or second level that is not the heading of an update. Write it in bold or as \`### ...\`; where a line of hyphens or equals signs stands under it, put a blank line between.`,
    ],
  ],
  [
    'an update without text',
    { [path]: sound.replace('Card payments work again.\n', '') },
    [
      `${path}:23:1 empty-update: The update has a heading and no text that a reader would see. Write a sentence under the heading, or delete the heading.`,
    ],
  ],
  [
    'an update that says nothing to a reader',
    { [path]: sound.replace('Card payments work again.\n', '<!-- soon -->\n\n***\n') },
    [
      `${path}:23:1 empty-update: The update has a heading and no text that a reader would see. Write a sentence under the heading, or delete the heading.`,
    ],
  ],
  [
    'text before the first update',
    { [path]: sound.replace('\n## inv', '\nHello.\n\n## inv') },
    [
      `${path}:11:1 text-before-update: There is text before the first update; nobody would see it. Move it under a heading such as \`## investigating 2026-11-20T09:05:00Z\`.`,
    ],
  ],
  [
    'a title that is a list of lists without an end',
    { [path]: sound.replace(/title: .*/, `title: ${'['.repeat(3000)}`) },
    [`${path}:2:798 yaml: The lists and maps are nested too deeply. Write it flat.`],
  ],
  [
    'a list of components',
    { [path]: sound.replace(/components:\n {2}payments: .*/, 'components: [payments]') },
    [
      `${path}:5:13 wrong-value: \`components\` must be keys with values, and is a list. Write \`component: status\`, one a line and indented; or \`{}\` for none.`,
    ],
  ],
  [
    'a component of a name that no map can hold',
    { [path]: sound.replace(/components:\n {2}payments: (.*)/, 'components:\n  payments: $1\n  __proto__: $1') },
    [`${path}:7:3 unknown-key: \`__proto__\` is not a key. Delete it.`],
  ],
  [
    'HTML that swallows the updates after it',
    { [path]: sound.replace('\n## monitoring', '\n<pre>\n\n## monitoring') },
    [
      `${path}:19:1 open-fence: The code block or the HTML that begins here is not closed before the next heading. Close a code block with a line of the same characters, and HTML with its closing tag.`,
    ],
  ],
  [
    'a code block that is never closed',
    { [path]: sound.replace('Card payments work', '```\nCard payments work') },
    [
      `${path}:25:1 open-fence: The code block or the HTML that begins here is not closed before the next heading. Close a code block with a line of the same characters, and HTML with its closing tag.`,
    ],
  ],
  [
    'a component twice in a heading',
    { [path]: sound.replace('payments=degraded_performance', 'payments=operational payments=operational') },
    [`${path}:19:57 repeated-component: \`payments\` stands in this heading twice. Keep one of the two.`],
  ],
  [
    'an unknown component',
    { [path]: sound.replace('payments=', 'paymnts=') },
    [`${path}:19:36 unknown-component: There is no component \`paymnts\`. Did you mean \`payments\`?`],
  ],
  [
    'ids that differ in case alone',
    { 'components/Payments.yml': 'name: Refunds\n' },
    [
      'components/Payments.yml:1:1 duplicate-id: The file has the same id as components/payments.yml, but for upper and lower case. Delete one of the two, or give it another id.',
      'components/Payments.yml:1:1 file-name: The file name is no component id. Name it in lower-case letters and digits joined by single hyphens, at most 64 characters: `point-of-sale.yml`.',
    ],
  ],
  [
    'two components of one name',
    { 'components/other.yml': 'name: payments\n' },
    [
      'components/payments.yml:1:1 duplicate-name: The component has the same name as components/other.yml, in the same group. Give the two names that a visitor can tell apart.',
    ],
  ],
  [
    'an id with a date that does not exist',
    { [path]: undefined, 'incidents/2026-02-30-x.md': sound },
    [
      'incidents/2026-02-30-x.md:1:1 file-name: The file name is no incident id. Name it YYYY-MM-DD-words.md: an existing date, then lower-case letters and digits joined by single hyphens, at most 120 characters.',
    ],
  ],
  [
    'no settings',
    { 'status.config.yml': undefined },
    [
      'status.config.yml:1:1 no-config: There is no status.config.yml. Write one with `name`, `url` and `support_email`.',
    ],
  ],
])('%s is a problem with its place and its fix', (_what, changes, expected) => {
  expect(lines(problemsOf(changes))).toEqual(expected);
});

test.each([
  ['a fence', '```\n## resolved 2026-11-20T10:50:00Z\n# no heading\n```'],
  ['a fence of tildes in a list', '- first\n  ~~~\n  ## no heading\n  ~~~'],
  ['indented code', 'Look:\n\n    ## no heading'],
  ['a comment', '<!--\n## resolved 2026-11-20T10:50:00Z\n-->\n\nWell.'],
  ['a quotation', '> ## no heading'],
  ['a heading of the third level', '### What we will change\n\nMuch.'],
  ['a line between paragraphs', 'Before.\n\n---\n\nAfter.'],
])('%s inside an update divides nothing', (_what, body) => {
  const { content, problems } = parseContent(
    contentFiles({ [path]: sound.replace('Card payments work again.', body) }),
    { now },
  );
  expect(problems).toEqual([]);
  expect(content?.incidents[0]?.updates.map((update) => update.body).at(-1)).toBe(body);
});

test('all problems of one file are found at once', () => {
  const text = sound
    .replace('impact: major', 'impact: mayor')
    .replace('2026-11-20T09:40:00Z', '2026-11-20T09:40:00')
    .replace('payments=', 'refunds=');
  expect(problemsOf({ [path]: text }).map(({ line, rule }) => `${line} ${rule}`)).toEqual([
    '4 wrong-value',
    '15 update-heading',
    '19 unknown-component',
  ]);
});

test('a message quotes no text that could be a secret', () => {
  const text = sound.replace('impact: major', 'impact: acct_1A2b3C4d5E').replace('## identified', '## proj-1234abcd');
  expect(JSON.stringify(problemsOf({ [path]: text }))).not.toMatch(/acct_|proj-/);
});

test('whatever bytes a file holds, reading it ends in content or problems', () => {
  const pieces = fc.constantFrom(
    '---\n',
    '## ',
    'resolved ',
    '2026-11-20T09:05:00Z',
    '\n',
    '```',
    '<!--',
    '  ',
    '- ',
    '# ',
    'title: ',
    '*a',
    '&a',
    '[',
    '{',
    '"',
    '\r',
    '=',
    '\u0000',
  );
  const text = fc
    .array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 40 })
    .map((all) => Buffer.from(all.join('')));
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 200 }), text),
      fc.constantFrom(path, 'components/payments.yml', 'status.config.yml'),
      (bytes, file) => {
        const { problems } = parseContent(contentFiles({ [file]: bytes }), { now });
        for (const problem of problems) expect(problem.line).toBeGreaterThan(0);
      },
    ),
    { numRuns: 500 },
  );
});

test('the same bytes have the same problems, in whatever order the files come', () => {
  const files = contentFiles({
    'components/x.yml': 'nmae: X\n',
    'components/q.yml': 'name: Payments\n',
    'incidents/2026-11-19-y.md': '---\n',
    [path]: sound.replaceAll('payments', 'refunds'),
  });
  const expected = parseContent(files, { now }).problems;
  fc.assert(
    fc.property(fc.shuffledSubarray(files, { minLength: files.length }), (shuffled) => {
      expect(parseContent(shuffled, { now }).problems).toEqual(expected);
    }),
  );
});

test('a file of nothing but faults is read to its end', () => {
  const text = sound.replace('Card payments work again.', '## x\n'.repeat(70_000));
  expect(problemsOf({ [path]: text })).toHaveLength(140_001);
});

test('thousands of unknown components are found, each at its place', () => {
  const pairs = Array.from({ length: 20_000 }, (_, i) => `c${i}=operational`).join(' ');
  const problems = problemsOf({ [path]: sound.replace('payments=degraded_performance', pairs) });
  expect(problems).toHaveLength(20_000);
  expect(problems[1]).toMatchObject({ line: 19, column: 51, message: 'There is no component `c1`.' });
});
