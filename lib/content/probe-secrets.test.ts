import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Probe } from '../schema/probe.ts';
import { probe } from '../testing/builders.ts';
import { resolveProbe } from './probe-secrets.ts';

// What people write in a probe's file is no template here.
const variable = (name: string) => `\${${name}}`;

const positions = new Map([
  ['headers.Authorization', { line: 4, column: 3 }],
  ['headers.X-Region', { line: 5, column: 3 }],
  ['body', { line: 6, column: 1 }],
]);

function posting(fields: Readonly<Record<string, unknown>>): Probe {
  return probe({ asks: { method: 'POST', ...fields }, positions });
}

test('variables are replaced in headers and in the body, and nowhere else', () => {
  const asked = posting({
    url: 'https://api.example.com/$TOKEN',
    headers: { Authorization: `Bearer ${variable('TOKEN')}`, 'X-Two': `${variable('A')}-${variable('B_2')}$A` },
    body: `{"key": "${variable('TOKEN')}", "price": "$5", "form": "$${variable('TOKEN')}"}`,
    expect: { body_contains: variable('TOKEN') },
  });
  const resolved = resolveProbe(asked, { TOKEN: 'abc', A: '1', B_2: variable('A') });
  expect(resolved).toEqual({
    asks: {
      ...asked.asks,
      headers: { Authorization: 'Bearer abc', 'X-Two': `1-${variable('A')}$A` },
      body: `{"key": "abc", "price": "$5", "form": "${variable('TOKEN')}"}`,
    },
  });
});

test('a probe without variables is asked as it stands', () => {
  const tcp = probe({ asks: { kind: 'tcp', host: 'example.com', port: 25 } });
  expect(resolveProbe(tcp, {})).toEqual({ asks: tcp.asks });
  expect(resolveProbe(probe(), {})).toEqual({ asks: probe().asks });
});

function linesOf(one: Probe, env: Readonly<Record<string, string>>): string[] {
  const resolved = resolveProbe(one, env);
  if ('asks' in resolved) return ['asked'];
  return resolved.problems.map((p) => `${p.file}:${p.line}:${p.column} ${p.severity} ${p.rule}: ${p.message} ${p.fix}`);
}

test('every variable that is missing or empty is a problem at its key, all at once', () => {
  const one = posting({
    headers: { Authorization: `Bearer ${variable('TOKEN')}`, 'X-Region': `${variable('REGION')}${variable('REGION')}` },
    body: variable('BODY'),
  });
  expect(linesOf(one, { REGION: '', BODY: ' \n' })).toEqual([
    'probes/payments-api.yml:4:3 error missing-variable: `headers.Authorization` needs the environment variable `TOKEN`, which is not set or empty. Set TOKEN in the environment of whatever runs the probes, in a workflow from its secrets.',
    'probes/payments-api.yml:5:3 error missing-variable: `headers.X-Region` needs the environment variable `REGION`, which is not set or empty. Set REGION in the environment of whatever runs the probes, in a workflow from its secrets.',
    'probes/payments-api.yml:6:1 error missing-variable: `body` needs the environment variable `BODY`, which is not set or empty. Set BODY in the environment of whatever runs the probes, in a workflow from its secrets.',
  ]);
});

test.each([
  ['a line feed at its end', 'hunter2\n'],
  ['a header of its own', 'hunter2\r\nX-Admin: 1'],
  ['a zero byte', 'hunter2\0'],
  ['a letter beyond Latin-1', 'hunter2 \u{1F511}'],
])('a value that no header can hold is a problem that does not show it: %s', (_what, TOKEN) => {
  expect(linesOf(posting({ headers: { Authorization: variable('TOKEN') } }), { TOKEN })).toEqual([
    'probes/payments-api.yml:4:3 error missing-variable: `headers.Authorization` cannot hold the value of the environment variable `TOKEN`. Set TOKEN in the environment of whatever runs the probes without line breaks, other control characters and letters beyond Latin-1.',
  ]);
});

test('a body may hold several lines', () => {
  expect(resolveProbe(posting({ body: variable('BODY') }), { BODY: 'a\nb' })).toMatchObject({ asks: { body: 'a\nb' } });
});

test('no value of the environment is ever in a problem, and none is read as a variable again', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'binary' }), (TOKEN) => {
      const one = posting({ headers: { Authorization: `Bearer ${variable('TOKEN')}` } });
      const resolved = resolveProbe(one, { TOKEN });
      if ('asks' in resolved) expect(resolved.asks).toMatchObject({ headers: { Authorization: `Bearer ${TOKEN}` } });
      else expect(resolved).toEqual(resolveProbe(one, { TOKEN: TOKEN.trim() === '' ? '' : 'a\n' }));
    }),
  );
});
