import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProbeFile } from '../schema/probe.ts';
import { FailReason, type Sample } from '../schema/sample.ts';
import { type AskedSite, judgeRun, siteOf } from './runner-offline.ts';

/** `site reason`, where the reason is a failure, `pass` or `cut_off`. */
function asked(...lines: readonly string[]): AskedSite[] {
  return lines.map((line) => {
    const [, site = '', word] = /^(.*) (\w+)$/.exec(line) ?? [];
    return { site, sample: sampleOf(word) };
  });
}

function sampleOf(word: string | undefined): Sample {
  if (word === 'pass') return { kind: 'pass', latencyMs: 1 };
  if (word === 'cut_off') return { kind: 'unmeasured', reason: 'cut_off' };
  return { kind: 'fail', reason: FailReason.parse(word) };
}

const told = (samples: readonly Sample[]) =>
  samples.map((sample) => (sample.kind === 'pass' ? 'pass' : sample.reason)).join(' ');

const three = (reason: string) => [`a.example ${reason}`, `b.example ${reason}`, `c.example ${reason}`];

describe('where a connectivity check is configured', () => {
  const run = asked(
    'a.example pass',
    'b.example unexpected_status',
    'this machine connect_refused',
    'c.example cut_off',
  );

  test('every failure is ours where it fails', () => {
    expect(told(judgeRun(run, 'failed'))).toBe('pass runner_offline runner_offline cut_off');
  });

  test('every failure stands where it answers, however many fail alike', () => {
    expect(told(judgeRun(run, 'ok'))).toBe('pass unexpected_status connect_refused cut_off');
    expect(told(judgeRun(asked(...three('dns_failed')), 'ok'))).toBe('dns_failed dns_failed dns_failed');
  });
});

describe('without one', () => {
  test.each([
    'dns_failed',
    'unreachable',
    'connect_refused',
    'connect_timeout',
    'timeout',
    'connection_lost',
    'tls_failed',
  ])('three unrelated sites that fail by %s are ours', (reason) => {
    expect(told(judgeRun(asked(...three(reason)), 'unchecked'))).toBe('runner_offline runner_offline runner_offline');
  });

  const answers = FailReason.options.filter((reason) => /certif|protocol|redirects|unexpected|large|slow/.test(reason));

  test.each(answers)('%s is an answer, and stands however many give it', (reason) => {
    expect(told(judgeRun(asked(...three(reason)), 'unchecked'))).toBe([reason, reason, reason].join(' '));
  });

  test.each([
    ['two sites are too few', ['a.example timeout', 'b.example timeout']],
    [
      'a total outage of one site stands',
      ['a.example timeout', 'a.example timeout', 'a.example timeout', 'a.example timeout'],
    ],
    [
      'three sites that fail in three ways stand',
      ['a.example timeout', 'b.example dns_failed', 'c.example tls_failed'],
    ],
    ['one that passes elsewhere shows that the road is there', [...three('timeout'), 'd.example pass']],
    ['one that answers badly shows it as well', [...three('timeout'), 'd.example unexpected_status']],
    ['no route to one site stands: a router far away says so too', ['a.example unreachable', 'this machine pass']],
    ['no route to one site stands where another passes', ['a.example unreachable', 'b.example pass']],
    ['no route to one site stands where another answers', ['a.example unreachable', 'b.example certificate_untrusted']],
    ['what fails on this machine is no evidence', ['a.example timeout', 'b.example timeout', 'this machine timeout']],
    ['what was not measured is no evidence', ['a.example timeout', 'b.example timeout', 'c.example cut_off']],
    ['nothing was asked', []],
  ])('%s', (_rule, lines) => {
    const run = asked(...lines);
    expect(judgeRun(run, 'unchecked')).toEqual(run.map(({ sample }) => sample));
  });

  test('a pass on this machine is no evidence against it', () => {
    const run = asked(...three('dns_failed'), 'this machine pass');
    expect(told(judgeRun(run, 'unchecked'))).toBe('runner_offline runner_offline runner_offline pass');
  });

  test('a failure on this machine stands', () => {
    const run = asked(...three('dns_failed'), 'this machine connect_refused');
    expect(told(judgeRun(run, 'unchecked'))).toBe('runner_offline runner_offline runner_offline connect_refused');
  });

  test('no connection and no answer are the same silence', () => {
    const run = asked('a.example timeout', 'b.example connect_timeout', 'c.example timeout');
    expect(told(judgeRun(run, 'unchecked'))).toBe('runner_offline runner_offline runner_offline');
  });

  test('an offline runner measures nothing outside, in whatever way it fails', () => {
    const run = asked('192.0.2.7 unreachable', ...three('dns_failed'), 'd.example cut_off');
    expect(told(judgeRun(run, 'unchecked'))).toBe(`${'runner_offline '.repeat(4)}cut_off`);
  });
});

test('nothing but a failure ever changes, and only to this; the order of the samples does not matter', () => {
  const word = fc.constantFrom(...FailReason.options, 'pass', 'cut_off');
  const site = fc.constantFrom('a.example', 'b.example', 'c.example', 'd.example', 'this machine');
  const run = fc.array(
    fc.tuple(site, word).map(([at, what]) => `${at} ${what}`),
    { maxLength: 8 },
  );
  const check = fc.property(
    run,
    fc.constantFrom('ok' as const, 'failed' as const, 'unchecked' as const),
    (lines, said) => {
      const before = asked(...lines);
      const after = judgeRun(before, said);
      for (const [index, { sample }] of before.entries()) {
        if (sample.kind !== 'fail') expect(after[index]).toEqual(sample);
        else if (after[index]?.kind !== 'fail')
          expect(after[index]).toEqual({ kind: 'unmeasured', reason: 'runner_offline' });
      }
      expect(judgeRun(before.toReversed(), said)).toEqual(after.toReversed());
    },
  );
  fc.assert(check);
});

test('the outage of one site is never excused without a check', () => {
  const reason = fc.constantFrom(...FailReason.options);
  const check = fc.property(fc.array(reason, { minLength: 1, maxLength: 9 }), (reasons) => {
    const run = asked(...reasons.map((of) => `a.example ${of}`), 'this machine timeout');
    expect(judgeRun(run, 'unchecked')).toEqual(run.map(({ sample }) => sample));
  });
  fc.assert(check);
});

describe('the site of a probe', () => {
  const http = (url: string) => ({ kind: 'http', url });
  const tcp = (host: string) => ({ kind: 'tcp', host, port: 25 });

  test.each([
    [http('https://api.example.com:8443/health?deep=1'), 'example.com'],
    [http('https://EXAMPLE.com/'), 'example.com'],
    [http('https://www.shop.example.co.uk/'), 'example.co.uk'],
    [http('https://example.com.gt/'), 'example.com.gt'],
    [http('https://co.uk/'), 'co.uk'],
    [http('https://a.b.example.io/'), 'example.io'],
    [http('https://192.0.2.7/'), '192.0.2.7'],
    [http('https://[2001:db8::7]/'), '2001:db8::7'],
    [http('http://10.1.2.3:8080/'), 'private network'],
    [tcp('192.168.7.9'), 'private network'],
    [tcp('fd00::7'), 'private network'],
    [http('http://localhost:3000/'), 'this machine'],
    [http('http://127.0.0.1/'), 'this machine'],
    [http('http://127.9.9.9:81/'), 'this machine'],
    [http('http://[::1]/'), 'this machine'],
    [http('http://[::ffff:127.0.0.1]/'), 'this machine'],
    [http('http://0.0.0.0/'), 'this machine'],
    [http('http://shop.localhost/'), 'this machine'],
    [tcp('mail.example.com.'), 'example.com'],
    [tcp('database'), 'database'],
    [tcp('[::1]'), 'this machine'],
    [tcp('2001:DB8::7'), '2001:db8::7'],
    [{ kind: 'tls', host: 'Pay.Example.ORG' }, 'example.org'],
    [{ kind: 'dns', name: 'www.example.com' }, 'example.com'],
    [{ kind: 'dns', name: 'www.example.com', server: '192.0.2.53' }, '192.0.2.53'],
    [{ kind: 'dns', name: 'www.example.com', server: '127.0.0.1' }, 'this machine'],
    [{ kind: 'dns', name: 'www.example.com', server: 'ns1.names.example' }, 'names.example'],
  ])('%j asks %s', (asks, site) => expect(siteOf(ProbeFile.parse({ component: 'shop', ...asks }))).toBe(site));
});
