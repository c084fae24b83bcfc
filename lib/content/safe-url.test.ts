import { expect, test } from 'vitest';
import { safeUrl } from './safe-url.ts';

test.each([
  ['https://a.example', 'https://a.example'],
  ['HTTP://a.example/b?c=d&e#f', 'HTTP://a.example/b?c=d&e#f'],
  ['mailto:a@b.example', 'mailto:a@b.example'],
  [' https://a.example/b c"<é ', 'https://a.example/b%20c%22%3C%C3%A9'],
])('the address %j is taken', (raw, expected) => {
  expect(safeUrl(raw)).toBe(expected);
});

test.each([
  ['http://167772161/a', 'http://10.0.0.1/a'],
  ['http://0x7f.1', 'http://127.0.0.1/'],
  ['http://db%2einternal/a', 'http://db.internal/a'],
  ['https://bücher.example', 'https://xn--bcher-kva.example/'],
])('the host of %j is written as a browser reads it', (raw, expected) => {
  expect(safeUrl(raw)).toBe(expected);
});

test.each([
  '',
  '/a',
  'a',
  '//a.example',
  'https:a',
  'https:/a',
  'https:///a',
  'https:\\\\a',
  'javascript:a',
  'data:,a',
  'mailto:',
  'mailto://a',
  'http://a\tb',
  'https://',
])('the address %j is refused', (raw) => {
  expect(safeUrl(raw)).toBeUndefined();
});
