import { describe, expect, test } from 'vitest';
import { type TestCertificate, testAuthority } from '../../testing/certificates.ts';
import { outcomeOf, sampleOf } from '../../testing/probe-sample.ts';
import {
  loadWithWrk,
  type RealProgram,
  startDnsmasq,
  startNginx,
  startSmtpd,
  whyNot,
} from '../../testing/real-servers.ts';

/** The tests of a program that nobody here wrote; skipped, with the reason in their name, where it cannot be started. */
function withProgram(programs: readonly RealProgram[], tests: () => void): void {
  const reason = programs.map(whyNot).find((why) => why !== undefined);
  const name = `against ${programs.join(' and ')}`;
  describe.skipIf(reason !== undefined)(reason === undefined ? name : `${name}: skipped, ${reason}`, tests);
}

const locations = `
  location = /health { default_type application/json; return 200 '{"status":"ok","checks":[{"name":"db","up":true}]}'; }
  location = /packed { gzip on; default_type application/json; return 200 '{"status":"ok","padding":"${'x'.repeat(2000)}"}'; }
  location = /moved { return 302 /health; }
  location = /circle { return 301 /circle; }
  location = /broken { return 503 'down for now'; }
  location = /limited { limit_rate 100; default_type text/plain; return 200 '${'slow '.repeat(400)}'; }
  location = /abrupt { return 444; }
`;

withProgram(['nginx'], () => {
  test.each<[string, string, object, string]>([
    ['its health', '/health', { json: { '$.status': 'ok', '$.checks[0].up': true } }, 'pass'],
    ['a header', '/health', { headers: { 'content-type': 'application/json' } }, 'pass'],
    ['a body that is packed', '/packed', { body_contains: '"status":"ok"', json: { '$.status': 'ok' } }, 'pass'],
    ['a redirect', '/moved', { json: { '$.status': 'ok' } }, 'pass'],
    ['redirects in a circle', '/circle', {}, 'too_many_redirects'],
    ['an error', '/broken', {}, 'unexpected_status'],
    ['an error that is expected', '/broken', { status: [503], body_contains: 'down' }, 'pass'],
    ['a page that is not there', '/nothing', {}, 'unexpected_status'],
    ['another value', '/health', { json: { '$.status': 'down' } }, 'unexpected_json'],
    ['a connection that is dropped', '/abrupt', {}, 'connection_lost'],
  ])('%s', async (_what, path, expected, outcome) => {
    await using nginx = await startNginx(locations);
    const url = `http://${nginx.host}:${nginx.port}${path}`;
    expect(outcomeOf(await sampleOf({ kind: 'http', url, expect: expected }))).toBe(outcome);
  });

  test('a body that takes too long ends the probe by its deadline, and is not waited for where nobody needs it', async () => {
    await using nginx = await startNginx(locations);
    const probe = { kind: 'http', url: `http://${nginx.host}:${nginx.port}/limited`, timeout_ms: 3000 };
    expect(outcomeOf(await sampleOf({ ...probe, expect: { body_contains: 'the end' } }))).toBe('timeout');
    expect(outcomeOf(await sampleOf({ ...probe, timeout_ms: 60_000 }))).toBe('pass');
  });

  test('a certificate that expires in ten days', async () => {
    const authority = await testAuthority();
    const certificate = await authority.issue({ validForDays: 10 });
    await using nginx = await startNginx(locations, certificate);
    const outcome = async (kind: Record<string, unknown>): Promise<string> =>
      outcomeOf(await sampleOf(kind, { trustedAuthorities: [authority.ca] }));
    const http = { kind: 'http', url: `https://localhost:${nginx.port}/health` };
    const tls = { kind: 'tls', host: 'localhost', port: nginx.port };
    for (const probe of [http, tls]) {
      expect(await outcome({ ...probe, expect: { tls_days_left: 14 } })).toBe('certificate_expiring');
      expect(await outcome({ ...probe, expect: { tls_days_left: 5 } })).toBe('pass');
      expect(outcomeOf(await sampleOf(probe))).toBe('certificate_untrusted');
    }
  });

  test.each<[string, () => Promise<TestCertificate>, string]>([
    ['expired', async () => (await testAuthority()).issue({ validForDays: -0.5 }), 'certificate_expiring'],
    [
      'for another name',
      async () => (await testAuthority()).issue({ names: ['shop.example.com'] }),
      'certificate_untrusted',
    ],
  ])('a certificate that is %s', async (_what, make, outcome) => {
    const certificate = await make();
    await using nginx = await startNginx(locations, certificate);
    const trustedAuthorities = [certificate.ca];
    const url = `https://localhost:${nginx.port}/health`;
    expect(outcomeOf(await sampleOf({ kind: 'http', url }, { trustedAuthorities }))).toBe(outcome);
    expect(
      outcomeOf(await sampleOf({ kind: 'tls', host: 'localhost', port: nginx.port }, { trustedAuthorities })),
    ).toBe(outcome);
  });

  test('plain HTTP on a port that speaks TLS, and the other way round', async () => {
    const authority = await testAuthority();
    await using plain = await startNginx(locations);
    await using secure = await startNginx(locations, await authority.issue());
    expect(outcomeOf(await sampleOf({ kind: 'http', url: `http://localhost:${secure.port}/health` }))).toBe(
      'unexpected_status',
    );
    expect(outcomeOf(await sampleOf({ kind: 'http', url: `https://localhost:${plain.port}/health` }))).toBe(
      'tls_failed',
    );
  });
});

withProgram(['nginx', 'wrk'], () => {
  test('every probe passes while others ask as fast as they can', async () => {
    await using nginx = await startNginx(locations);
    const url = `http://${nginx.host}:${nginx.port}/health`;
    let isOver = false;
    const load = loadWithWrk(url, 1).finally(() => {
      isOver = true;
    });
    const outcomes: string[] = [];
    while (!isOver)
      outcomes.push(outcomeOf(await sampleOf({ kind: 'http', url, expect: { json: { '$.status': 'ok' } } })));
    expect(await load).toBeGreaterThan(0);
    expect(outcomes.length).toBeGreaterThan(0);
    expect(outcomes.filter((outcome) => outcome !== 'pass')).toEqual([]);
  });
});

withProgram(['smtpd'], () => {
  test('a mail server greets', async () => {
    await using smtpd = await startSmtpd();
    const { host, port } = smtpd;
    const outcome = async (expected: object): Promise<string> =>
      outcomeOf(await sampleOf({ kind: 'tcp', host, port, expect: expected }));
    expect(await outcome({})).toBe('pass');
    expect(await outcome({ banner_contains: '220 mail.example.com ESMTP' })).toBe('pass');
    expect(await outcome({ banner_contains: '220 other.example.com' })).toBe('unexpected_answer');
  });
});

withProgram(['dnsmasq'], () => {
  const records = [
    '--host-record=www.example.com,192.0.2.1,2001:db8::1',
    '--cname=shop.example.com,www.example.com',
    '--mx-host=example.com,mail.example.com,10',
    '--txt-record=example.com,v=spf1 -all',
    ...Array.from({ length: 80 }, (_, n) => `--txt-record=long.example.com,part ${n} ${'x'.repeat(60)}`),
    '--address=/blocked.example.com/',
  ];

  test.each<[string, string, readonly string[] | undefined, string]>([
    ['A', 'www.example.com', ['192.0.2.1'], 'pass'],
    ['A', 'WWW.Example.com.', undefined, 'pass'],
    ['A', 'www.example.com', ['192.0.2.2'], 'unexpected_answer'],
    ['AAAA', 'www.example.com', ['2001:DB8::1'], 'pass'],
    ['A', 'shop.example.com', ['192.0.2.1'], 'pass'],
    ['CNAME', 'shop.example.com', ['www.example.com'], 'pass'],
    ['MX', 'example.com', ['10 mail.example.com'], 'pass'],
    ['TXT', 'example.com', ['v=spf1 -all'], 'pass'],
    ['TXT', 'long.example.com', [`part 79 ${'x'.repeat(60)}`], 'pass'],
    ['MX', 'www.example.com', undefined, 'unexpected_answer'],
    ['A', 'blocked.example.com', undefined, 'unexpected_answer'],
    ['A', 'elsewhere.test', undefined, 'unexpected_answer'],
  ])('%s of %s with %j: %s', async (record, name, answers, outcome) => {
    await using dnsmasq = await startDnsmasq(records);
    const probe = { kind: 'dns', name, record, server: dnsmasq.host, port: dnsmasq.port };
    expect(outcomeOf(await sampleOf({ ...probe, expect: { answers } }))).toBe(outcome);
  });
});
