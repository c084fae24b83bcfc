import { expect, test } from 'vitest';
import { compileRedactionRules } from '../policy/redaction.ts';
import { lastGate } from './last-gate.ts';

const rules = compileRedactionRules({
  supportEmail: 'help@shop.example',
  names: ['May', 'Jane Doe'],
  hosts: [],
  patterns: ['PROJ-\\d+'],
});
const gate = lastGate(rules, ['http://10.0.0.7:8080/', 'https://endpoint.shop.internal/']);
const look = (path: string, text: string) => gate(path, new TextEncoder().encode(text));
const kindsIn = (path: string, text: string) => look(path, text).map(({ kind }) => kind);

test('a finding names the file and the kind, each kind once, and never the text', () => {
  expect(look('incidents/a/index.html', '<p>Seen on 10.1.2.3 and 10.1.2.4 by Jane Doe</p>')).toEqual([
    { path: 'incidents/a/index.html', kind: 'employee_name' },
    { path: 'incidents/a/index.html', kind: 'ipv4' },
  ]);
});

test.each([
  ['in text', '<p>ask ops@corp.example</p>', ['email']],
  ['behind entities', '<p>ask ops&#64;corp&period;example</p>', ['email']],
  ['across emphasis', '<p>10.<strong>1</strong>.2.3</p>', ['ipv4']],
  ['in the address of a link', '<a href="https://db.internal/x">here</a>', ['internal_host']],
  ['in the address of mail', '<a href="mailto:ops@corp.example">mail</a>', ['email']],
  ['in a description', '<meta name="description" content="PROJ-12 is late">', ['custom']],
  ['in a label', "<svg aria-label='Jane Doe'></svg>", ['employee_name']],
  ['in a title', '<title>Jane Doe is on call</title>', ['employee_name']],
  ['in a comment', '<!-- db1.internal -->', ['internal_host']],
  ['in data for a script', '<body data-told="{&quot;a&quot;:&quot;10.1.2.3&quot;}">', ['ipv4']],
  ['in JSON for a script', '<script type="application/json">{"a":"10.1.2.3"}</script>', ['ipv4']],
])('a page is held %s', (_, html, kinds) => expect(kindsIn('index.html', html)).toEqual(kinds));

test.each([
  ['a string', { title: 'ask ops@corp.example' }, ['email']],
  ['a string that was escaped', '{"title":"ops\\u0040corp.example"}', ['email']],
  ['a list', { names: ['x', ['Jane Doe']] }, ['employee_name']],
  ['HTML in a string', { html: '<p>10&#46;1.2.3</p>' }, ['ipv4']],
  ['an address', { imported_from: 'https://status.corp.internal/7' }, ['internal_host']],
])('JSON is held for %s', (_, value, kinds) => {
  expect(kindsIn('current.json', typeof value === 'string' ? value : JSON.stringify(value))).toEqual(kinds);
});

const notAddresses: [string, string, string[]][] = [
  ['/10.20.30.40', 'an address of a computer', ['ipv4']],
  ['#ghp_16C7e42F292c6912E7710c838347Ae178B4a', 'a token', ['vendor_id']],
  ['?token=AKIAIOSFODNN7EXAMPLE', 'a key', ['vendor_id']],
  ['/jane.doe@corp-internal.com', 'an address of mail', ['email']],
  ['http://10.0.0.7:8080/jane.roe@corp.example', "an address of mail below the page's", ['email']],
  ['http://10.0.0.7:8080/incidents/jane.roe@corp.example/', "an address of mail below the incidents'", ['email']],
  ['https://endpoint.shop.internal.corp.internal/', "a host whose name begins as the endpoint's", ['internal_host']],
];

test.each(notAddresses)('%s is %s wherever it stands', (text, _, kinds) => {
  expect(kindsIn('index.html', `<p>${text}</p>`)).toEqual(kinds);
  expect(kindsIn('index.html', `<a href="${text}">more</a>`)).toEqual(kinds);
  expect(kindsIn('index.html', `<img src="${text}">`)).toEqual(kinds);
  expect(kindsIn('current.json', JSON.stringify({ title: text }))).toEqual(kinds);
  expect(kindsIn('current.json', JSON.stringify({ url: text }))).toEqual(kinds);
});

test('a path of the page is one in a link, and not in a text', () => {
  const path = '/incidents/2026-11-20-proj-12/';
  const held = lastGate(compileRedactionRules({ names: [], hosts: [], patterns: ['proj-\\d+'] }), [
    'https://a.example',
  ]);
  const kinds = (name: string, text: string) => held(name, new TextEncoder().encode(text)).map(({ kind }) => kind);
  expect(kinds('index.html', `<a href="${path}">more</a><a href="https://a.example${path}">more</a>`)).toEqual([]);
  expect(kinds('index.html', `<p>${path}</p>`)).toEqual(['custom']);
  expect(kinds('a.json', JSON.stringify({ url: `https://a.example${path}` }))).toEqual([]);
  expect(kinds('a.json', JSON.stringify({ title: `https://a.example${path}` }))).toEqual(['custom']);
});

test('a page may lie in a folder of its host', () => {
  const below = lastGate(compileRedactionRules({ names: ['Jane Doe'], hosts: [], patterns: [] }), [
    'https://a.example/status/',
  ]);
  const html = '<a href="/status/incidents/2026-11-20-jane-doe/">more</a>';
  expect(below('index.html', new TextEncoder().encode(html))).toEqual([]);
});

test.each(['b', 'span', 'sup', 'u', 'strong', 'code'])('what <%s> divides is read in one, and in parts', (name) => {
  const divided = (before: string, within: string) => `<p>${before}<${name}>${within}</${name}></p>`;
  expect(kindsIn('index.html', divided('AKIA', 'IOSFODNN7EXAMPLE'))).toEqual(['vendor_id']);
  expect(kindsIn('index.html', divided('10.1.', '2.3'))).toEqual(['ipv4']);
  expect(kindsIn('index.html', divided('ops@corp', '.example'))).toEqual(['email']);
  expect(kindsIn('index.html', divided('Jane ', 'Doe'))).toEqual(['employee_name']);
});

test('what stands side by side without a space is read in parts too', () => {
  expect(kindsIn('index.html', '<p><span>key</span><span>AKIAIOSFODNN7EXAMPLE</span></p>')).toEqual(['vendor_id']);
  expect(kindsIn('index.html', '<p>AKIA<!-- -->IOSFODNN7EXAMPLE</p>')).toEqual(['vendor_id']);
});

test.each([
  ['the support address', '<a href="mailto:help@shop.example">help@shop.example</a>'],
  ["the page's own address", '<link rel="canonical" href="http://10.0.0.7:8080/history/">'],
  ["the endpoint's address", '<form action="https://endpoint.shop.internal/subscribe"></form>'],
  ['addresses within the page', '<a href="/incidents/2026-11-20-jane-doe/">more</a>'],
  [
    'the names of its files',
    '<link href="/_astro/page-of.DetucnJn.css"><a href="/current.json">JSON</a><a href="#main">',
  ],
  [
    'dates',
    '<title>May 2026</title><h2>May</h2><p>20 May 2026, 10:05 UTC</p><a href="/x">May 2026</a><a href="/y">July 2026</a>',
  ],
  ['scripts, styles and drawings', '<script>a="10.1.2.3"</script><style>@font-face{}</style><path d="M10.1.2.3">'],
  ['the marker', '<p>[redacted] said so</p>'],
])('a page may hold %s', (_, html) => expect(look('index.html', html)).toEqual([]));

test.each([
  ['addresses of the page', { page: { url: 'http://10.0.0.7:8080/', support_email: 'help@shop.example' } }],
  ['ids and instants', { id: 'jane-doe', at: '2026-05-20T10:00:00Z', month: '2026-05' }],
])('JSON may hold %s', (_, value) => expect(look('current.json', JSON.stringify(value))).toEqual([]));

test.each(['schemas/current.json', '_astro/page.js', 'marks/page.svg'])('%s holds no words of people', (path) => {
  expect(look(path, '{"a":"10.1.2.3"}')).toEqual([]);
});
