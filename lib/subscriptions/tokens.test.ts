import { expect, test } from 'vitest';
import { isToken, newToken, tokenKey } from './tokens.ts';

test('a token is 32 random bytes as base64url', () => {
  const tokens = Array.from({ length: 1000 }, newToken);
  expect(new Set(tokens).size).toBe(1000);
  for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test('what could be a token has its length and its letters', () => {
  const token = newToken();
  expect(isToken(token)).toBe(true);
  for (const text of [
    '',
    token.slice(1),
    `${token}a`,
    `${token.slice(1)}=`,
    `${token.slice(1)}\n`,
    `${token.slice(1)}é`,
  ]) {
    expect(isToken(text)).toBe(false);
  }
});

test('the hash of a token is bound to its purpose and shows nothing of it', () => {
  const token = newToken();
  expect(tokenKey('confirm', token)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(tokenKey('confirm', token)).toBe(tokenKey('confirm', token));
  expect(tokenKey('confirm', token)).not.toBe(tokenKey('unsubscribe', token));
  expect(tokenKey('confirm', token)).not.toContain(token);
});
