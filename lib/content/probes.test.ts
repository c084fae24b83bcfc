import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stopsPage } from '../policy/rules.ts';
import { StatusConfig } from '../schema/config.ts';
import { probeFiles } from '../schema/probe.ts';
import type { Problem } from '../schema/problem.ts';
import { contentFiles, probe, soundTexts } from '../testing/builders.ts';
import { parseContent } from './parse-content.ts';
import { readProbes } from './probes.ts';

const now = new Date('2026-11-21T00:00:00Z');
const file = 'probes/payments-api.yml';

function parse(changes: Parameters<typeof contentFiles>[0], unread: readonly string[] = []) {
  return parseContent(contentFiles(changes), { now, unread });
}

/** `file:line:column rule: message fix`, which is what a person reads. */
function lines(problems: readonly Problem[]): string[] {
  return problems.map((p) => `${p.file}:${p.line}:${p.column} ${p.rule}: ${p.message} ${p.fix}`);
}

function problemRules(changes: Parameters<typeof contentFiles>[0]): string[] {
  return parse(changes).problems.map(({ rule }) => rule);
}

const http = (more: string) => `component: payments\nkind: http\nurl: https://api.example.com/health\n${more}`;
const to = (url: string) => `component: payments\nkind: http\nurl: ${url}\n`;
const tcp = (host: string) => `component: payments\nkind: tcp\nhost: "${host}"\nport: 25\n`;

test('probes come by id, with what the file leaves out filled in, and where each key stands', () => {
  const { content, problems } = parse({
    [file]: `# yaml-language-server: $schema=../schemas/probe.json\n${http('expect:\n  json: { "$.status": ok, "$.checks[0]": 1 }\n')}`,
    'probes/a.yml': tcp('mail.example.com'),
  });
  expect(problems).toEqual([]);
  expect(content?.probes.map(({ id }) => id)).toEqual(['a', 'payments-api']);
  expect(content?.brokenProbes).toEqual([]);
  expect(content?.probes[1]?.asks).toEqual({
    component: 'payments',
    kind: 'http',
    url: 'https://api.example.com/health',
    method: 'GET',
    headers: {},
    max_redirects: 5,
    timeout_ms: 10_000,
    retries: 0,
    on_failure: 'major_outage',
    expect: { json: { '$.status': 'ok', '$.checks[0]': 1 } },
  });
  expect(content?.probes[1]?.positions.get('expect.json.$.checks[0]')).toEqual({ line: 6, column: 27 });
});

const formats = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8');

test('the example of the documentation is sound, and every key of every kind and of the settings is described', () => {
  const example = /^component: payments\nkind: http[\s\S]*?(?=```)/m.exec(formats)?.[0] ?? '';
  expect(problemRules({ [file]: example })).toEqual([]);
  for (const key of Object.keys(StatusConfig.shape)) expect(formats).toContain(`| \`${key}\` |`);
  for (const { shape } of Object.values(probeFiles)) {
    const keys = [...Object.keys(shape), ...Object.keys(shape.expect.unwrap().shape).map((key) => `expect.${key}`)];
    for (const key of keys.filter((one) => one !== 'expect')) expect(formats).toContain(`\`${key}\``);
  }
});

test('the builder builds what the file would', () => {
  const { content } = parse({ [file]: http('') });
  expect(content?.probes).toEqual([probe({ positions: content?.probes[0]?.positions ?? new Map() })]);
});

test('link-local addresses and metadata are never asked, whatever the page allows', () => {
  const config = `${soundTexts['status.config.yml']}allow_private_targets: true\n`;
  const { problems } = parse({
    'status.config.yml': `${config}connectivity_check: http://metadata.google.internal/\n`,
    [file]: to('http://169.254.169.254/latest/'),
    'probes/mail.yml': tcp('fe80::1'),
  });
  expect(problems.map((p) => `${p.file}:${p.line}:${p.column} ${p.rule}`)).toEqual([
    'probes/mail.yml:3:1 forbidden-target',
    `${file}:3:1 forbidden-target`,
    'status.config.yml:5:1 forbidden-target',
  ]);
});

test('the connectivity check is judged as a probe is', () => {
  const config = (url: string) => `${soundTexts['status.config.yml']}connectivity_check: ${url}\n`;
  const { content, problems } = parse({ 'status.config.yml': config('http://u:p@localhost:1/?token=hunter2') });
  expect(problems.map(({ rule, file }) => `${file} ${rule}`).toSorted()).toEqual([
    'status.config.yml plain-secret',
    'status.config.yml private-target',
    'status.config.yml probe-address',
  ]);
  expect(content).toBeDefined();
  expect(parse({ 'status.config.yml': config('https://www.example.com/') }).problems).toEqual([]);
});

test('two probes that ask the same of one component, however it is spelled', () => {
  const { content, problems } = parse({
    'components/tills.yml': 'name: Tills\n',
    'probes/a.yml': http('timeout_ms: 2000\nheaders: { A: "1", B: "2" }\n'),
    'probes/b.yml': `expect: {}\nheaders:\n  B: "2"\n  A: "1"\n${to('HTTPS://api.example.com:443/health')}on_failure: partial_outage\n`,
    'probes/c.yml': http('headers: { A: "1", B: "3" }\n'),
    'probes/d.yml': http('headers: { A: "1", B: "2" }\n').replace('payments', 'tills'),
  });
  expect(lines(problems)).toEqual([
    'probes/b.yml:1:1 duplicate-probe: The probe asks what probes/a.yml asks of the same component. Ask something else, or delete one of the two.',
  ]);
  expect(content?.probes.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
});

test('ids that differ in case alone are one id, and a name that is no id is none', () => {
  const { problems } = parse({ 'probes/api.yml': http(''), 'probes/API.yml': http('retries: 1\n') });
  expect(lines(problems)).toEqual([
    'probes/API.yml:1:1 duplicate-id: The file has the same id as probes/api.yml, but for upper and lower case. Delete one of the two, or give it another id.',
    'probes/API.yml:1:1 file-name: The file name is no probe id. Name it in lower-case letters and digits joined by single hyphens, at most 64 characters: `payments-api.yml`.',
  ]);
});

test('nothing that is wrong with a probe keeps the page from being made', () => {
  const { content, problems } = parse({
    'probes/a.yml': 'kind: [',
    'probes/b.yml': http('').replace('payments', 'tills'),
    'probes/c.yml': to('http://169.254.169.254/'),
    'probes/d.yml': new Uint8Array([0xff]),
    'probes/E.yml': http('headers: { Authorization: hunter2 }\n'),
  });
  expect(new Set(problems.map(({ severity }) => severity))).toEqual(new Set(['error']));
  expect(problems.filter(stopsPage)).toEqual([]);
  expect(content?.incidents).toHaveLength(1);
});

const others = { 'components/orders.yml': 'name: Orders\n', 'components/tills.yml': 'name: Tills\n' };

test.each([
  ['a key that does not exist', http('hedders: {}\n'), ['payments']],
  ['a file that is no YAML', 'component: payments   # the API\nkind: [', ['payments']],
  ['a path that does not parse', http('expect: { json: { a: 1 } }\n'), ['payments']],
  ['a target that is not allowed', to('http://10.0.0.1/'), ['payments']],
  [
    'a component that does not exist: it may be each one that nobody asks',
    http('').replace('payments', 'till'),
    ['payments', 'tills'],
  ],
  ['no component at all', 'kind: tcp\n', ['payments', 'tills']],
  ['no text', new Uint8Array([0xff]), ['payments', 'tills']],
  ['a secret as it stands, which is asked all the same', http('headers: { Cookie: a }\n'), []],
])('a component whose probe cannot be asked is named: %s', (_what, text, expected) => {
  const { content } = parse({ ...others, 'probes/orders.yml': http('').replace('payments', 'orders'), [file]: text });
  expect(content?.brokenProbes).toEqual(expected);
  expect(content?.probes.map(({ id }) => id)).toEqual(expected.length === 0 ? ['orders', 'payments-api'] : ['orders']);
});

test('so is one whose file could not be read at all', () => {
  const orders = { ...others, 'probes/orders.yml': http('').replace('payments', 'orders') };
  expect(parse(orders, [file]).content?.brokenProbes).toEqual(['payments', 'tills']);
  expect(parse(orders, ['probes/payments.yaml']).content?.brokenProbes).toEqual(['payments', 'tills']);
  expect(parse(others, ['probes']).content?.brokenProbes).toEqual(['orders', 'payments', 'tills']);
  expect(parse(orders, ['probes/README.md', 'incidents/x.md']).content?.brokenProbes).toEqual([]);
});

test('whatever stands in a probe’s file, it is sound or has problems with places, and the page is made', () => {
  const words = fc.constantFrom(
    ...['component', 'kind', 'url', 'expect', 'json', 'headers', 'payments', 'http', 'tcp', 'dns', 'host', 'server'],
    ...[
      ': ',
      ':',
      '\n',
      '\n  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '"',
      '$',
      '${',
      '}',
      '&a',
      '*a',
      '__proto__',
      '#',
      '|',
      '\t',
    ],
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(words, { maxLength: 30 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(fc.constantFrom(http(''), tcp('a.example.com'), ''), text, (start, end) => {
      const { content, problems } = parse({ [file]: `${start}${end}` });
      expect(problems.every(({ line, column }) => line > 0 && column > 0)).toBe(true);
      expect(problems.filter(stopsPage)).toEqual([]);
      expect(content?.probes.length).toBe(content?.brokenProbes.length === 0 ? 1 : 0);
      if (problems.length === 0) expect(content?.probes).toHaveLength(1);
    }),
    { numRuns: 300 },
  );
});

test('the runner reads what the check reads', () => {
  const files = contentFiles({ ...others, [file]: http('hedders: {}\n'), 'probes/orders.yml': to('http://[::1]/') });
  const { content, problems } = parseContent(files, { now });
  const read = readProbes(files, { config: content?.config, components: ['orders', 'payments', 'tills'] });
  expect(read.problems).toEqual(expect.arrayContaining([...problems]));
  expect(read).toMatchObject({ probes: content?.probes, brokenProbes: content?.brokenProbes });
});
