import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type HttpRequest, redirected } from './http-redirect.ts';

const post: HttpRequest = {
  url: new URL('https://pay.example/health?a=1'),
  method: 'POST',
  headers: new Map([
    ['authorization', 'Bearer s3cret'],
    ['content-type', 'text/plain'],
    ['x-key', 'k3y'],
  ]),
  body: 's3cret',
};

test.each([
  ['/next', 'https://pay.example/next'],
  ['?b=2', 'https://pay.example/health?b=2'],
  ['//pay.example:443/next#part', 'https://pay.example/next'],
])('to %s of the same origin everything is told', (location, href) => {
  const next = redirected(post, { status: 307, location });
  expect(next).toEqual({ ...post, url: new URL(href) });
});

test.each([301, 302, 303])('%i turns POST into GET, without its body and what describes it', (status) => {
  const next = redirected(post, { status, location: '/next' });
  expect(next).toEqual({
    url: new URL('https://pay.example/next'),
    method: 'GET',
    headers: new Map([
      ['authorization', 'Bearer s3cret'],
      ['x-key', 'k3y'],
    ]),
    body: undefined,
  });
});

test.each([
  ['another host', 'https://other.example/'],
  ['a host below', 'https://a.pay.example/'],
  ['another port', 'https://pay.example:8443/'],
  ['no TLS', 'http://pay.example/'],
  ['another host in odd clothes', '\\\\other.example/'],
  ['another host with a name and a password', 'https://pay.example@other.example/'],
])('%s is told nothing of the file', (_what, location) => {
  const next = redirected(post, { status: 308, location });
  expect(next).toMatchObject({ method: 'GET', headers: new Map(), body: undefined });
  expect(typeof next === 'object' && next.url.username).toBe('');
});

test('whatever the address is, another origin is told nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.webUrl(), fc.string()), fc.constantFrom(301, 302, 303, 307, 308), (location, status) => {
      const next = redirected(post, { status, location });
      if (typeof next !== 'object' || next.url.origin === post.url.origin) return;
      expect(next).toMatchObject({ headers: new Map(), body: undefined });
    }),
  );
});

test.each([
  [200, '/next', undefined],
  [304, '/next', undefined],
  [300, '/next', undefined],
  [302, undefined, undefined],
  [302, 'ftp://pay.example/', 'invalid'],
  [302, 'javascript:alert(1)', 'invalid'],
  [302, 'https://', 'invalid'],
])('%i to %s is %s', (status, location, verdict) => expect(redirected(post, { status, location })).toBe(verdict));
