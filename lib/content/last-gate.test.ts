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

test.each([
  ['the support address', '<a href="mailto:help@shop.example">help@shop.example</a>'],
  ["the page's own address", '<link rel="canonical" href="http://10.0.0.7:8080/history/">'],
  ["the endpoint's address", '<form action="https://endpoint.shop.internal/subscribe"></form>'],
  ['addresses within the page', '<a href="/incidents/2026-11-20-jane-doe/">more</a>'],
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
