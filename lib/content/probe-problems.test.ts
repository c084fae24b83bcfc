// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what people write and read
import { expect, test } from 'vitest';
import { contentFiles, soundTexts } from '../testing/builders.ts';
import { parseContent } from './parse-content.ts';

const now = new Date('2026-11-21T00:00:00Z');
const file = 'probes/payments-api.yml';

/** `line:column rule: message fix` of each problem of the content, which is that of the probe's file alone. */
function problemsOf(text: string, more: Parameters<typeof contentFiles>[0] = {}): string[] {
  const { problems } = parseContent(contentFiles({ [file]: text, ...more }), { now });
  expect(problems.filter((one) => one.file !== file)).toEqual([]);
  return problems.map((p) => `${p.line}:${p.column} ${p.rule}: ${p.message} ${p.fix}`);
}

const http = (more: string) => `component: payments\nkind: http\nurl: https://api.example.com/health\n${more}`;
const to = (url: string) => `component: payments\nkind: http\nurl: ${url}\n`;
const tcp = (host: string) => `component: payments\nkind: tcp\nhost: "${host}"\nport: 25\n`;
const dns = (more: string) => `component: payments\nkind: dns\nname: shop.example.com\n${more}`;

test.each([
  [
    'a kind that does not exist',
    'component: payments\nkind: htpp\nurl: https://api.example.com/\ntimeout_ms: 5\n',
    [
      '2:7 wrong-value: `kind` is `htpp`, which is none of http, tcp, tls, dns. Did you mean `http`?',
      '4:13 wrong-value: `timeout_ms` is less than 100. Write 100 at least.',
    ],
  ],
  ['no kind', 'component: payments\n', ['1:1 missing-key: `kind` is missing. Add `kind: http | tcp | tls | dns`.']],
  [
    'everything at once',
    'kind: tcp\nhsot: a.example.com\nport: 70000\ntimeout_ms: 90000\nretries: 9\nexpect: { banner: SSH }\n',
    [
      '1:1 missing-key: `component` is missing. Add `component: ...`.',
      '2:1 unknown-key: `hsot` is not a key here. Did you mean `host`?',
      '3:7 wrong-value: `port` is more than 65535. Write 65535 at most.',
      '4:13 wrong-value: `timeout_ms` is more than 60000. Write 60000 at most.',
      '5:10 wrong-value: `retries` is more than 3. Write 3 at most.',
      '6:11 unknown-key: `banner` is not a key here. Delete it; the keys here are banner_contains, max_latency_ms.',
    ],
  ],
  [
    'an address that is no URL',
    to('api.example.com'),
    ['3:6 wrong-value: `url` is not an address on the web. Write it whole, as https://status.example.com.'],
  ],
  [
    'an address of another protocol',
    to('ftp://api.example.com'),
    ['3:6 wrong-value: `url` is not an address on the web. Write it whole, as https://status.example.com.'],
  ],
  [
    'a host with a port',
    tcp('mail.example.com:25'),
    ['3:7 wrong-value: `host` is not in the form that is needed here. Write a host name or an IP address.'],
  ],
  [
    'values of the wrong kind',
    http('headers: [a]\nexpect: { json: { "$.a": [1] }, status: 200 }\n'),
    [
      '4:10 wrong-value: `headers` must be keys with values, and is a list. Write `name: value`, one a line and indented; or `{}` for none.',
      '5:26 wrong-value: `expect.json.$.a` must be text, a number, true, false or null. Write one value.',
      '5:41 wrong-value: `expect.status` must be a list, and is a number. Write `- item`, one a line and indented.',
    ],
  ],
  [
    'a pattern and a path beside what is wrong with other keys',
    'component: payments\nkind: http\nurl: nope\nexpect: { status: [999], json: { "$[": 1 }, body_matches: "(" }\n',
    [
      '3:6 wrong-value: `url` is not an address on the web. Write it whole, as https://status.example.com.',
      '4:20 wrong-value: `expect.status.0` is more than 599. Write 599 at most.',
      "4:34 json-path: `expect.json.$[` is no path to one value. Write a path such as `$.status`, `$.checks[0].ok` or `$['build-id']`; there are no wildcards and no filters.",
      '4:45 body-pattern: `expect.body_matches` is no regular expression of the RE2 syntax. Correct it; RE2 has no look-around, no back-references and no large repeated counts.',
    ],
  ],
  [
    'no YAML',
    'component: payments\nkind: [http\n',
    ['3:1 yaml: The indentation does not fit the lines above. Indent keys of one level by the same number of spaces.'],
  ],
  ['nothing', '', ['1:1 wrong-value: The file is empty. Write `key: value`, one a line.']],
])('%s: the file has precise problems', (_what, text, expected) => expect(problemsOf(text)).toEqual(expected));

test.each([
  [
    'a component that does not exist',
    http('').replace('payments', 'paymnets'),
    '1:1 unknown-component: There is no component `paymnets`. Did you mean `payments`?',
  ],
  [
    'a component like no other',
    http('').replace('payments', 'tills'),
    '1:1 unknown-component: There is no component `tills`. Add components/tills.yml, or name one that exists.',
  ],
  [
    'a latency that the timeout forestalls',
    http('timeout_ms: 2000\nexpect: { max_latency_ms: 2000 }\n'),
    '5:11 probe-contradiction: `expect.max_latency_ms` is never reached: the probe ends after 2000 ms (`timeout_ms`). Write less than 2000, or raise `timeout_ms`.',
  ],
  [
    'a password in the address',
    to('https://probe:hunter2@api.example.com/'),
    '3:1 probe-address: `url` holds a user or a password. Take them out, and send `headers: { Authorization: "Basic ${NAME}" }` from the environment.',
  ],
  [
    'a variable in the address',
    to('https://api.example.com/?key=${KEY}'),
    '3:1 probe-address: `url` holds a variable, and addresses are taken as they stand. Write the address out; `${NAME}` stands in headers and in the body.',
  ],
  [
    'a variable in the host',
    to('https://${HOST}/'),
    '3:1 probe-address: `url` holds a variable, and addresses are taken as they stand. Write the address out; `${NAME}` stands in headers and in the body.',
  ],
  [
    'a secret in the address',
    to('https://api.example.com/?api_key=hunter2'),
    '3:1 plain-secret: `url` holds a secret as it stands. Send it in a header, as `${NAME}` from the environment; and make a new one, for this one is known.',
  ],
  [
    'a loopback address',
    to('http://127.0.0.1:8080/'),
    '3:1 private-target: `url` leads into a private network or to this machine itself. Ask it from outside, or write `allow_private_targets: true` in status.config.yml.',
  ],
  [
    'a loopback name',
    tcp('localhost'),
    '3:1 private-target: `host` leads into a private network or to this machine itself. Ask it from outside, or write `allow_private_targets: true` in status.config.yml.',
  ],
  [
    'a name server inside',
    dns('server: 10.0.0.53\n'),
    '4:1 private-target: `server` leads into a private network or to this machine itself. Ask it from outside, or write `allow_private_targets: true` in status.config.yml.',
  ],
  [
    'metadata in disguise',
    to('http://0xa9fea9fe/latest/'),
    "3:1 forbidden-target: `url` leads to an address that is never asked: link-local, a cloud's metadata, or none of one machine. Ask the service at an address of its own.",
  ],
  [
    'a name that is no header',
    http('headers: { "X Probe": a }\n'),
    '4:12 probe-header: `headers.X Probe` is no name of a header. A name is of letters, digits and hyphens: `X-Probe: candor`.',
  ],
  [
    'a header that is not the probe’s',
    http('headers: { host: shop.example.com }\n'),
    '4:12 probe-header: `headers.host` cannot be set: it is that of the address, which redirects and certificates are judged by. Delete it.',
  ],
  [
    'a length',
    http('headers: { Content-Length: "5" }\n'),
    '4:12 probe-header: `headers.Content-Length` cannot be set: it is counted from the body. Delete it.',
  ],
  [
    'a connection',
    http('headers: { Connection: close }\n'),
    '4:12 probe-header: `headers.Connection` cannot be set: connections are the business of the probe. Delete it.',
  ],
  [
    'a header twice',
    http('headers: { Accept: a, accept: b }\n'),
    '4:23 probe-header: `headers.accept` stands a second time. Keep one of the two.',
  ],
  [
    'two headers in one',
    http('headers: { X-Probe: "a\\r\\nX-Admin: 1" }\n'),
    '4:12 probe-header: `headers.X-Probe` holds a line break, another control character, or a letter beyond Latin-1. Write it in one line of plain letters.',
  ],
  [
    'an expected name that is no header',
    http('expect: { headers: { "Content Type": json } }\n'),
    '4:22 probe-header: `expect.headers.Content Type` is no name of a header. A name is of letters, digits and hyphens: `Content-Type: json`.',
  ],
  [
    'a token',
    http('headers: { Authorization: Bearer hunter2 }\n'),
    '4:12 plain-secret: `headers.Authorization` holds a secret as it stands. Write `${NAME}` in its place and keep the secret in the environment; and make a new one, for this one is known.',
  ],
  [
    'a cookie',
    http('headers: { Cookie: "id=1" }\n'),
    '4:12 plain-secret: `headers.Cookie` holds a secret as it stands. Write `${NAME}` in its place and keep the secret in the environment; and make a new one, for this one is known.',
  ],
  [
    'an API key',
    http('headers: { X-Api-Key: hunter2 }\n'),
    '4:12 plain-secret: `headers.X-Api-Key` holds a secret as it stands. Write `${NAME}` in its place and keep the secret in the environment; and make a new one, for this one is known.',
  ],
  [
    'the key of a vendor',
    http('headers: { X-Id: AIzaSyA0123456789abcdefghijklmnopqrstuv }\n'),
    '4:12 plain-secret: `headers.X-Id` holds the key of a vendor as it stands. Write `${NAME}` in its place and keep the secret in the environment; and make a new one, for this one is known.',
  ],
  [
    'a variable in small letters',
    http('headers: { X-Id: "${token}" }\n'),
    '4:12 probe-variable: `headers.X-Id` holds `${` and no variable. A variable is `${NAME}`, in capitals, digits and underscores; to send the two signs, write `$${`.',
  ],
  [
    'a variable that never ends',
    http('method: POST\nbody: "${TOKEN"\n'),
    '5:1 probe-variable: `body` holds `${` and no variable. A variable is `${NAME}`, in capitals, digits and underscores; to send the two signs, write `$${`.',
  ],
  [
    'a path that does not parse',
    http('expect: { json: { "$.checks[*]": ok } }\n'),
    "4:19 json-path: `expect.json.$.checks[*]` is no path to one value. Write a path such as `$.status`, `$.checks[0].ok` or `$['build-id']`; there are no wildcards and no filters.",
  ],
  [
    'a pattern that is none',
    http('expect: { body_matches: "(?=ok)" }\n'),
    '4:11 body-pattern: `expect.body_matches` is no regular expression of the RE2 syntax. Correct it; RE2 has no look-around, no back-references and no large repeated counts.',
  ],
  [
    'a pattern of repeats of repeats',
    http('expect: { body_matches: "(a{1000}){1000}" }\n'),
    '4:11 body-pattern: `expect.body_matches` is no regular expression of the RE2 syntax. Correct it; RE2 has no look-around, no back-references and no large repeated counts.',
  ],
  [
    'a pattern that is too much work',
    http('expect: { body_matches: "[ab]*a[ab]{900}" }\n'),
    '4:11 body-pattern: `expect.body_matches` comes to too much work for each character of the answer. Write it in at most 500 characters and without large repeated counts.',
  ],
  [
    'a pattern that matches anything',
    http('expect: { body_matches: ".*" }\n'),
    '4:11 body-pattern: `expect.body_matches` matches every answer. Write what the answer must hold, or delete it.',
  ],
  [
    'a body with GET',
    http('body: hello\n'),
    '4:1 probe-contradiction: `body` is not sent with GET. Write `method: POST`, or delete it.',
  ],
  [
    'a body expected of HEAD',
    http('method: HEAD\nexpect: { body_contains: ok }\n'),
    '5:11 probe-contradiction: `expect.body_contains` asks for a body, and the answer to HEAD has none. Expect only what the answer can have.',
  ],
  [
    'a body expected of 204',
    http('expect: { status: [204], json: { "$.a": 1 } }\n'),
    '4:26 probe-contradiction: `expect.json` asks for a body, and no answer of such a status has one. Expect only what the answer can have.',
  ],
  [
    'a certificate without TLS',
    `${to('http://api.example.com/')}expect: { tls_days_left: 14 }\n`,
    '4:11 probe-contradiction: `expect.tls_days_left` asks for a certificate, which an `http:` address has not. Write the address with `https:`, or delete it.',
  ],
  [
    'no status of a final answer',
    http('expect: { status: [100] }\n'),
    '4:11 probe-contradiction: `expect.status` names no status of a final answer. Write a status from 200 on.',
  ],
  [
    'a name as an address record',
    dns('expect: { answers: [93.184.215.14, shop.example.net] }\n'),
    '4:36 probe-contradiction: `expect.answers.1` can never be an answer to a question for A. Write an IPv4 address, or another `record`.',
  ],
  [
    'a mail server without its preference',
    dns('record: MX\nexpect: { answers: [mail.example.com] }\n'),
    '5:21 probe-contradiction: `expect.answers.0` can never be an answer to a question for MX. Write a preference and a name, as `10 mail.example.com`, or another `record`.',
  ],
  [
    'the port of no name server',
    dns('port: 5353\n'),
    '4:1 probe-contradiction: `port` is that of `server`, and none is named. Add `server: ...`, or delete it.',
  ],
  [
    'a variable in what is expected',
    http('expect: { body_contains: "v${VERSION}" }\n'),
    '4:11 probe-variable: `expect.body_contains` holds a variable, which is looked for as it stands. Write the text out; variables stand in `headers` and `body`, and nothing that is expected is secret.',
  ],
  [
    'a variable at the end of a path',
    http('expect: { json: { $.version: "${VERSION}" } }\n'),
    '4:19 probe-variable: `expect.json.$.version` holds a variable, which is looked for as it stands. Write the text out; variables stand in `headers` and `body`, and nothing that is expected is secret.',
  ],
  [
    'an address as a name',
    dns('').replace('shop.example.com', '93.184.215.14'),
    '3:1 probe-contradiction: `name` is an address, and name servers are asked for names. Write a name.',
  ],
])('%s', (_what, text, expected) => expect(problemsOf(text)).toEqual([expected]));

test.each([
  [
    'a private target where the page allows it',
    to('http://127.0.0.1:8080/'),
    { 'status.config.yml': `${soundTexts['status.config.yml']}allow_private_targets: true\n` },
  ],
  ['a name that may lead anywhere is judged when it is asked', to('https://intranet.example.com/'), {}],
  ['a secret of the environment', http('headers: { Authorization: "Bearer ${TOKEN}", X-Api-Key: "${KEY}" }\n'), {}],
  ['two signs that are no variable', http('headers: { X-Price: "$5", X-Form: "$${NAME}" }\n'), {}],
  [
    'a header that is no secret',
    http('headers: { Idempotency-Key: probe, Accept: application/json, X-Author: me }\n'),
    {},
  ],
  ['an empty parameter', to('https://api.example.com/?token='), {}],
  ['a POST with a body', http('method: POST\nbody: "{}"\nexpect: { body_matches: "^ok$" }\n'), {}],
  ['a loopback address that is asked for', dns('record: TXT\nexpect: { answers: [v=spf1] }\n'), {}],
])('%s is sound', (_what, text, more) => expect(problemsOf(text, more)).toEqual([]));
