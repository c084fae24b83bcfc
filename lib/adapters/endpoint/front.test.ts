import { once } from 'node:events';
import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { subscribePostsPerHour } from '../../policy/constants.ts';
import { ErrorDocument, OutcomeDocument } from '../../schema/endpoint.ts';
import { sealedIdentity } from '../../subscriptions/subscriber-secrets.ts';
import { newToken, tokenKey } from '../../subscriptions/tokens.ts';
import { type Answered, ask, type RunningEndpoint, startEndpoint } from '../../testing/running-endpoint.ts';

const subscribePath = '/api/v1/status/subscribe';
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const json = { 'content-type': 'application/json' };
const at = new Date('2026-11-20T10:00:00Z');

let endpoint: RunningEndpoint;
beforeAll(async () => {
  endpoint = await startEndpoint({ now: () => at });
});
afterAll(() => endpoint[Symbol.asyncDispose]());

let clients = 0;
/** Headers of a client that nobody has seen before. */
function newClient(): { 'x-forwarded-for': string } {
  clients += 1;
  return { 'x-forwarded-for': `10.1.${Math.floor(clients / 250)}.${(clients % 250) + 1}` };
}

function post(
  body: string | Uint8Array,
  headers: Record<string, string> = form,
  path = subscribePath,
): Promise<Answered> {
  return ask(endpoint.origin, path, { method: 'POST', body, headers: { ...newClient(), ...headers } });
}

/** Somebody who has subscribed, by the token for leaving. */
async function subscriber(email = `${newToken().toLowerCase()}@example.com`): Promise<{ token: string; key: string }> {
  const { store, keys } = endpoint;
  const identity = sealedIdentity(keys, { typed: email, folded: email });
  await store.subscribe({ ...identity, components: 'all', language: 'en', at });
  const token = newToken();
  const expiresAt = new Date('2026-11-21T10:00:00Z');
  await store.addConfirmation(identity.id, { key: tokenKey('confirm', token), expiresAt });
  return { token, key: identity.unsubscribeKey };
}

const titleOf = ({ text }: Answered) => /<h1[^>]*>([^<]*)</.exec(text)?.[1];

describe('subscribing', () => {
  test('a form gets a page, and one confirmation is owed', async () => {
    const before = endpoint.wishes();
    const answered = await post('email=ada%40example.com&_hp=');
    expect({ status: answered.status, title: titleOf(answered) }).toEqual({
      status: 200,
      title: 'Look into your mail',
    });
    expect(endpoint.wishes() - before).toBe(1);
    const claimed = await endpoint.store.claim({ worker: 'w', limit: 10, now: at });
    expect(claimed.map(({ content }) => content.kind)).toEqual(['confirmation']);
    await endpoint.store.release(claimed.map(({ claim }) => claim));
  });

  test('JSON gets JSON', async () => {
    const answered = await post(
      JSON.stringify({ email: 'bea@example.com', components: ['payments'], language: 'es-GT' }),
      json,
    );
    expect(answered.status).toBe(200);
    expect(OutcomeDocument.parse(JSON.parse(answered.text)).status).toBe('accepted');
  });

  test('the answer is the same to the byte, whoever has subscribed and whatever is taken for a program', async () => {
    const known = 'known@example.com';
    const { token } = await subscriber(known);
    const unconfirmed = await post(`email=${known}`);
    await ask(endpoint.origin, `/api/v1/status/confirm/${token}`, { method: 'POST', headers: newClient() });
    const answers = [
      unconfirmed,
      await post(`email=${known}`),
      await post(`email=${known.toUpperCase()}`),
      await post('email=unknown%40example.com'),
      await post('email=unknown%40example.com'),
      await post('email=bot%40example.com&_hp=yes'),
      await post('email=&_hp=yes'),
    ];
    const seen = answers.map(({ status, headers, text }) => {
      const { date, 'x-request-id': id, ...others } = headers;
      return JSON.stringify({ status, others, text });
    });
    expect(new Set(seen).size).toBe(1);
  });

  test('who fills the honeypot is not stored', async () => {
    const before = endpoint.wishes();
    await post('email=bot%40example.com&_hp=x');
    await post(JSON.stringify({ email: 'bot@example.com', _hp: true }), json);
    expect(endpoint.wishes()).toBe(before);
  });

  test('a wrong address is told with the form, and what was typed is not lost nor run', async () => {
    const answered = await post('email=%22%3E%3Cscript%3E&components=payments');
    expect({ status: answered.status, title: titleOf(answered) }).toEqual({
      status: 400,
      title: 'Something is missing',
    });
    expect(answered.text).toContain(
      'An address is a name and a domain with one @ between them, like name@example.com.',
    );
    expect(answered.text).toContain('value="&quot;><script>"');
    expect(answered.text).toMatch(/value="payments" checked/);
  });

  test.each([
    ['no address', {}, 'email', 'Write your e-mail address.'],
    ['an address that is none', { email: 7 }, 'email', 'Write your e-mail address.'],
    ['two addresses', { email: ['a@example.com', 'b@example.com'] }, 'email', 'Write your e-mail address.'],
    [
      'a quoted address',
      { email: '"a b"@example.com' },
      'email',
      'Addresses with quotation marks cannot subscribe. Use one without them.',
    ],
    [
      'an IP literal',
      { email: 'a@[127.0.0.1]' },
      'email',
      'Write the name of a domain after the @, not an IP address.',
    ],
    ['a line break', { email: 'a@example.com\r\nBcc: b@example.com' }, 'email', undefined],
    [
      'an unknown component',
      { email: 'a@example.com', components: ['nope'] },
      'components',
      'There is a component that this page does not have. It has payments, reports.',
    ],
    [
      'no component',
      { email: 'a@example.com', components: [] },
      'components',
      'Write "all", or a list of ids of components.',
    ],
    [
      'a language that is none',
      { email: 'a@example.com', language: '../../etc' },
      'language',
      'Write a language such as en or es-GT.',
    ],
    [
      'a key that is not known',
      { email: 'a@example.com', admin: true },
      'unknown',
      'There is a field that is not known here. Known are email, components, language.',
    ],
    ['a list', [], 'email', 'Send an object with fields.'],
    ['nothing', null, 'email', 'Send an object with fields.'],
  ])('JSON with %s is told what to do', async (_what, body, field, message) => {
    const answered = await post(JSON.stringify(body), json);
    const { error } = ErrorDocument.parse(JSON.parse(answered.text));
    expect({ status: answered.status, code: error.code, field: error.fields?.[0]?.field }).toEqual({
      status: 400,
      code: 'invalid',
      field,
    });
    if (message !== undefined) expect(error.fields?.[0]?.message).toBe(message);
  });

  test('keys that reach for prototypes are unknown fields and change nothing', async () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      const answered = await post(`{"email":"a@example.com","${key}":{"polluted":true}}`, json);
      expect(answered.status).toBe(400);
      expect((await post(`email=a%40example.com&${key}[polluted]=1&${key}=1`)).status).toBe(200);
    }
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('an address that is given twice is refused: whose would get the mail?', async () => {
    const answered = await post('email=a%40example.com&email=b%40example.com');
    expect(answered.status).toBe(400);
    expect(answered.text).toContain('This is given more than once.');
  });
});

describe('what is refused in front of the templates', () => {
  test.each([
    ['a form with a broken escape', 'email=%zz', form, 400, 'malformed'],
    ['a form that is not UTF-8', 'email=%ff%fe', form, 400, 'malformed'],
    ['bytes that are not UTF-8', new Uint8Array([0x65, 0xff]), form, 400, 'malformed'],
    ['a form with a thousand fields', 'a=1&'.repeat(1001), form, 400, 'malformed'],
    ['JSON that is cut off', '{"email":', json, 400, 'malformed'],
    ['nothing at all', '', json, 400, 'malformed'],
    ['plain text', 'email=a', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['a form with files', 'x', { 'content-type': 'multipart/form-data; boundary=x' }, 415, 'unsupported_media_type'],
    ['no type', 'email=a', {}, 415, 'unsupported_media_type'],
    [
      'another encoding',
      'email=a',
      { 'content-type': 'application/json; charset=utf-16' },
      415,
      'unsupported_media_type',
    ],
    ['a compressed body', 'email=a', { ...form, 'content-encoding': 'gzip' }, 415, 'unsupported_media_type'],
    ['8 KiB and a byte', 'x'.repeat(8193), form, 413, 'too_large'],
    [
      'the same in pieces of unknown length',
      'x'.repeat(8193),
      { ...form, 'transfer-encoding': 'chunked' },
      413,
      'too_large',
    ],
    ['10 MB', 'x'.repeat(10_000_000), json, 413, 'too_large'],
  ])('%s', async (_what, body, headers, status, code) => {
    const answered = await post(body, { ...headers, accept: 'application/json' });
    expect({ status: answered.status, code: ErrorDocument.parse(JSON.parse(answered.text)).error.code }).toEqual({
      status,
      code,
    });
  });

  test('a connection outlives a body that is somewhat too long, and no other', async () => {
    const { port, hostname } = new URL(endpoint.origin);
    const sent = async (length: number) => {
      const socket = connect(Number(port), hostname);
      socket.write(
        `POST ${subscribePath} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`,
      );
      socket.write('x'.repeat(length));
      socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      const text = await textOf(socket);
      return {
        statuses: text.match(/(?<=^HTTP\/1\.1 )\d+/gm),
        isToldToGo: /^connection: close\r$/im.test(text.split('\r\n\r\n')[0] ?? ''),
      };
    };
    expect(await sent(64 * 1024)).toEqual({ statuses: ['413', '200'], isToldToGo: false });
    expect(await sent(64 * 1024 + 1)).toEqual({ statuses: ['413'], isToldToGo: true });
  });

  test('people read the reason on a page', async () => {
    const answered = await post('email=%zz', { ...form, accept: 'text/html,application/xhtml+xml' });
    expect({ status: answered.status, title: titleOf(answered) }).toEqual({
      status: 400,
      title: 'This could not be read',
    });
    expect(answered.text).toContain('The form is not encoded as forms are.');
  });

  test.each([
    ['GET', subscribePath, 'POST, OPTIONS'],
    ['DELETE', `/api/v1/status/unsubscribe/${'x'.repeat(43)}`, 'GET, HEAD, POST, OPTIONS'],
    ['POST', '/healthz', 'GET, HEAD, OPTIONS'],
    ['POST', '/api/v1/admin/status/audit', 'GET, HEAD, OPTIONS'],
  ])('%s %s is told what is allowed', async (method, path, allow) => {
    const answered = await ask(endpoint.origin, path, { method, headers: newClient() });
    expect({ status: answered.status, allow: answered.headers['allow'] }).toEqual({ status: 405, allow });
  });

  test.each([
    '/api/v1/status/nope',
    '/api/v1/status/confirm',
    '/api/v1/status/confirm/',
    '/api/v1/status/confirm/a/b',
    '/api/v1/admin/status/users',
    '/api/v1/status/refused/',
  ])('there is nothing at %s', async (path) => {
    const answered = await ask(endpoint.origin, path, { headers: { ...newClient(), accept: 'application/json' } });
    expect({ status: answered.status, code: JSON.parse(answered.text).error.code }).toEqual({
      status: 404,
      code: 'not_found',
    });
  });

  test('whatever is sent, the answer is one of ours, and the log has nothing of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.json().map((value) => Buffer.from(value)),
          fc.webQueryParameters().map((query) => Buffer.from(query)),
        ),
        fc.constantFrom(form, json, { 'content-type': 'text/plain' }),
        async (body, headers) => {
          const answered = await post(body, { ...headers, accept: 'application/json' });
          expect([200, 400, 415]).toContain(answered.status);
          const schema = answered.status === 200 ? OutcomeDocument : ErrorDocument;
          expect(schema.safeParse(JSON.parse(answered.text)).success).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('tokens', () => {
  test('looking at a confirmation changes nothing, pressing the button confirms, and once is enough', async () => {
    const { token } = await subscriber();
    const path = `/api/v1/status/confirm/${token}`;
    const look = await ask(endpoint.origin, path, { headers: newClient() });
    expect({ status: look.status, title: titleOf(look), buttons: look.text.match(/<button/g)?.length }).toEqual({
      status: 200,
      title: 'One more click',
      buttons: 1,
    });
    expect((await ask(endpoint.origin, path, { method: 'HEAD', headers: newClient() })).status).toBe(200);
    const pressed = await ask(endpoint.origin, path, { method: 'POST', headers: newClient() });
    expect({ status: pressed.status, title: titleOf(pressed) }).toEqual({ status: 200, title: 'You have subscribed' });
    const [, leave = ''] =
      /href="https:\/\/mail\.marigold\.example(\/api\/v1\/status\/unsubscribe\/[^"]+)"/.exec(pressed.text) ?? [];
    expect((await ask(endpoint.origin, leave, { headers: newClient() })).status).toBe(200);
    const again = await ask(endpoint.origin, path, { method: 'POST', headers: newClient() });
    expect({ status: again.status, title: titleOf(again) }).toEqual({
      status: 404,
      title: 'This link does not work any more',
    });
  });

  test('one click of a mail program leaves, in either encoding that RFC 8058 knows', async () => {
    const bodies = [
      [form, 'List-Unsubscribe=One-Click'],
      [
        { 'content-type': 'multipart/form-data; boundary=b' },
        '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
      ],
    ] as const;
    for (const [headers, body] of bodies) {
      const path = `/api/v1/status/unsubscribe/${await leaving()}`;
      expect((await post(body, { ...headers, origin: 'https://mail.example' }, path)).status).toBe(200);
      expect((await post(body, headers, path)).status).toBe(404);
    }
  });

  test('a choice is shown, saved and shown again', async () => {
    const path = `/api/v1/status/manage/${await leaving()}`;
    const look = await ask(endpoint.origin, path, { headers: newClient() });
    expect(look.text).toMatch(/value="all" checked/);
    expect((await post('choice=some&components=reports', form, path)).status).toBe(200);
    const saved = await ask(endpoint.origin, path, { headers: { ...newClient(), accept: 'application/json' } });
    expect(JSON.parse(saved.text).components).toEqual(['reports']);
    const none = await post('choice=some', form, path);
    expect({ status: none.status, told: none.text.includes('Choose everything, or at least one component.') }).toEqual({
      status: 400,
      told: true,
    });
    expect((await post(JSON.stringify({ components: 'all' }), json, path)).status).toBe(200);
  });

  /** The token for leaving of somebody who has confirmed. */
  async function leaving(): Promise<string> {
    const { token } = await subscriber();
    const { text } = await post('', { accept: 'text/html' }, `/api/v1/status/confirm/${token}`);
    return /unsubscribe\/([\w-]{43})/.exec(text)?.[1] ?? '';
  }

  test.each(['confirm', 'unsubscribe', 'manage'])(
    'a token of %s that is unknown, cut off, too long, of another purpose or no token gets one and the same answer',
    async (route) => {
      const { token } = await subscriber();
      const other = route === 'confirm' ? await leaving() : token;
      const wrong = [
        newToken(),
        token.slice(1),
        `${token}x`,
        other,
        '%2e%2e',
        'a%00b',
        '../../healthz'.replaceAll('/', '%2f'),
      ];
      const answers = await Promise.all(
        wrong.map((each) => ask(endpoint.origin, `/api/v1/status/${route}/${each}`, { headers: newClient() })),
      );
      expect(answers.map(({ status }) => status)).toEqual(wrong.map(() => 404));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    },
  );

  test('answers are not kept, not framed, and tell nobody where they were', async () => {
    const { headers } = await ask(endpoint.origin, `/api/v1/status/confirm/${newToken()}`, { headers: newClient() });
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex',
      'content-security-policy': expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'$/),
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });
});

describe('scripts of other origins', () => {
  test.each([
    ['the page', 'https://status.marigold.example', 'https://status.marigold.example'],
    ['another page', 'https://evil.example', undefined],
    ['a page that looks like it', 'https://status.marigold.example.evil.example', undefined],
    ['another scheme', 'http://status.marigold.example', undefined],
    ['a page without an origin', 'null', undefined],
  ])('%s', async (_what, origin, allowed) => {
    const preflight = await ask(endpoint.origin, subscribePath, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    const answered = await post(JSON.stringify({ email: 'a@example.com' }), { ...json, origin });
    expect(preflight.status).toBe(204);
    for (const { headers } of [preflight, answered]) {
      expect({ allowed: headers['access-control-allow-origin'], vary: headers['vary'] }).toEqual({
        allowed,
        vary: 'Origin',
      });
    }
    expect(preflight.headers['access-control-allow-methods']).toBe(allowed && 'POST');
  });

  test('tokens are not for scripts', async () => {
    const headers = { ...newClient(), origin: 'https://status.marigold.example' };
    const answered = await ask(endpoint.origin, `/api/v1/status/unsubscribe/${newToken()}`, { headers });
    expect(answered.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('limits', () => {
  test('so many posts an hour, told from the first on, while reading and leaving go on', async () => {
    const client = newClient();
    const send = (body: string) =>
      ask(endpoint.origin, subscribePath, { method: 'POST', body, headers: { ...form, ...client } });
    const first = await send('email=a%40example.com');
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"subscribe";q=10;w=3600',
      ratelimit: expect.stringMatching(/^"subscribe";r=9;t=\d+$/),
    });
    for (let sent = 1; sent < subscribePostsPerHour; sent += 1) expect((await send('email=wrong')).status).toBe(400);
    const refused = await send('email=a%40example.com');
    expect({
      status: refused.status,
      title: titleOf(refused),
      left: /r=\d+/.exec(String(refused.headers['ratelimit']))?.[0],
    }).toEqual({ status: 429, title: 'Too many requests', left: 'r=0' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3000);
    for (const path of ['/api/v1/status/current.json', `/api/v1/status/unsubscribe/${newToken()}`]) {
      expect((await ask(endpoint.origin, path, { headers: client })).status).not.toBe(429);
    }
  });

  test('60 reads a minute, and the page itself is not counted', async () => {
    const client = newClient();
    const read = (path: string) => ask(endpoint.origin, path, { headers: client });
    const answers = await Promise.all(Array.from({ length: 61 }, () => read('/api/v1/status/current.json')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(60);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
    expect((await read('/current.json')).status).toBe(200);
    expect((await read('/api/v1/status/nope')).status).toBe(429);
  });

  test('what a client writes into X-Forwarded-For itself does not make it another client', async () => {
    const { 'x-forwarded-for': address } = newClient();
    for (let sent = 0; sent <= subscribePostsPerHour; sent += 1) {
      const headers = { ...form, 'x-forwarded-for': `192.0.2.${sent}, ${address}` };
      const { status } = await ask(endpoint.origin, subscribePath, {
        method: 'POST',
        body: 'email=a%40example.com',
        headers,
      });
      expect(status).toBe(sent < subscribePostsPerHour ? 200 : 429);
    }
  });

  test('a limiter that fails closes subscribing, and nothing else', async () => {
    const limits = {
      place: 'nowhere',
      take: async () => ({ kind: 'failed' as const, error: new Error('gone') }),
      close: () => undefined,
    };
    await using broken = await startEndpoint({ limits });
    const refused = await ask(broken.origin, subscribePath, {
      method: 'POST',
      body: 'email=a%40example.com',
      headers: { ...form, accept: 'application/json' },
    });
    expect({
      status: refused.status,
      wait: refused.headers['retry-after'],
      code: JSON.parse(refused.text).error.code,
    }).toEqual({ status: 503, wait: '60', code: 'unavailable' });
    expect((await ask(broken.origin, '/api/v1/status/current.json')).status).toBe(200);
    expect((await ask(broken.origin, `/api/v1/status/unsubscribe/${newToken()}`)).status).toBe(404);
    expect((await ask(broken.origin, `/api/v1/status/unsubscribe/${newToken()}`, { method: 'POST' })).status).toBe(404);
  });
});

describe('when something is wrong here', () => {
  test('a store that cannot be used is told as such, without its words', async () => {
    const failing = () => Promise.reject(new Error('connection to ada@example.com refused'));
    await using broken = await startEndpoint({
      store: { ...endpoint.store, subscribe: failing, findByConfirmation: failing, unsubscribe: failing },
    });
    const wish = await ask(broken.origin, subscribePath, {
      method: 'POST',
      body: 'email=a%40example.com',
      headers: form,
    });
    const token = newToken();
    const look = await ask(broken.origin, `/api/v1/status/confirm/${token}`);
    const leave = await ask(broken.origin, `/api/v1/status/unsubscribe/${token}`, { method: 'POST' });
    for (const answered of [wish, look, leave]) {
      expect({ status: answered.status, wait: answered.headers['retry-after'], title: titleOf(answered) }).toEqual({
        status: 503,
        wait: '60',
        title: 'This does not work for the moment',
      });
    }
    const log = broken.logged.join('');
    expect(log).toContain('"request_id"');
    expect(log).not.toMatch(/ada@|a%40|example\.com/);
    expect(log).not.toContain(token);
  });

  test('while the templates are not there yet, the page is served and the endpoint asks to wait', async () => {
    await using early = await startEndpoint({ isReady: () => false });
    expect((await ask(early.origin, '/')).text).toBe('the page');
    const answered = await ask(early.origin, subscribePath, {
      method: 'POST',
      body: 'email=a%40example.com',
      headers: form,
    });
    expect({ status: answered.status, wait: answered.headers['retry-after'] }).toEqual({ status: 503, wait: '10' });
  });

  test('who asks while the endpoint is starting is answered as soon as it is there, and a monitor at once', async () => {
    const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
    let isThere = false;
    await using starting = await startEndpoint({ settled, isReady: () => isThere });
    const subscribed = ask(starting.origin, subscribePath, {
      method: 'POST',
      body: 'email=a%40example.com',
      headers: form,
    });
    const looked = ask(starting.origin, `/api/v1/status/confirm/${newToken()}`);
    expect((await ask(starting.origin, '/healthz')).status).toBe(503);
    isThere = true;
    settle();
    expect([(await subscribed).status, (await looked).status]).toEqual([200, 404]);
    expect(starting.wishes()).toBe(1);
  });

  test('who waits for an endpoint that does not come is told so after the patience of the front', async () => {
    const never = new Promise<void>(() => undefined);
    await using starting = await startEndpoint({ settled: never, isReady: () => false, startPatienceMs: 1 });
    const answered = await ask(starting.origin, subscribePath, {
      method: 'POST',
      body: 'email=a%40example.com',
      headers: form,
    });
    expect({ status: answered.status, wait: answered.headers['retry-after'] }).toEqual({ status: 503, wait: '10' });
  });

  test('health is 200 where everything works and 503 where something does not', async () => {
    const health = async () => ({ healthy: false, checks: { store: 'failed' as const } });
    await using ill = await startEndpoint({ health });
    expect(await ask(endpoint.origin, '/healthz')).toMatchObject({ status: 200, text: '{"status":"ok","checks":{}}' });
    expect(await ask(ill.origin, '/healthz')).toMatchObject({
      status: 503,
      text: '{"status":"failed","checks":{"store":"failed"}}',
    });
  });
});

test('a template that fails is told as such, on a page of ours and in the log', async () => {
  await using broken = await startEndpoint({ health: () => Promise.reject(new Error('for ada@example.com')) });
  const answered = await ask(broken.origin, '/healthz');
  expect({ status: answered.status, title: titleOf(answered), id: answered.headers['x-request-id'] }).toEqual({
    status: 500,
    title: 'Something went wrong here',
    id: expect.any(String),
  });
  expect(broken.logged.join('')).toContain(`"request_id":"${answered.headers['x-request-id']}"`);
  expect(broken.logged.join('')).not.toContain('ada@');
});

describe('slow and broken clients', () => {
  const patience = { headersMs: 150, requestMs: 300, idleMs: 200, stalledMs: 10_000, checkMs: 50 };

  test.each([
    ['sends nothing', ''],
    ['sends half of its headers', 'POST /api/v1/status/subscribe HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    [
      'sends half of its body',
      `POST ${subscribePath} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"email":`,
    ],
    [
      'says that its body is long and never sends it',
      `POST ${subscribePath} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n`,
    ],
  ])('who %s is cut off', async (_what, sent) => {
    await using strict = await startEndpoint({ patience });
    const socket = connect({ port: Number(new URL(strict.origin).port), host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => undefined);
    socket.write(sent);
    const closed = once(socket, 'end');
    socket.resume();
    await closed;
    socket.destroy();
    expect((await ask(strict.origin, '/')).status).toBe(200);
  });

  test('what is no HTTP gets an answer that is', async () => {
    const { port, hostname } = new URL(endpoint.origin);
    const socket = connect(Number(port), hostname);
    socket.write('\x16\x03\x01 hello\r\n\r\n');
    expect(await textOf(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  });

  test('who asks first whether it may send so much is refused before it does', async () => {
    const { port, hostname } = new URL(endpoint.origin);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST ${subscribePath} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000\r\nExpect: 100-continue\r\n\r\n`,
    );
    expect(await textOf(socket)).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('who asks first and may, is told to go on', async () => {
    const { port, hostname } = new URL(endpoint.origin);
    const socket = connect(Number(port), hostname);
    const body = JSON.stringify({ email: 'patient@example.com' });
    socket.write(
      `POST ${subscribePath} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    const [first] = await once(socket, 'data');
    expect(String(first)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write(body);
    expect(await textOf(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });
});
