import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DataKeys, newDataKey, readDataKeys, SealFault } from './data-keys.ts';

function keysFrom(text: string): DataKeys {
  const reading = readDataKeys(text);
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return reading.keys;
}

const [first, second] = [newDataKey(), newDataKey()];

test('what is sealed opens to the same text', () => {
  const keys = keysFrom(first);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, row) => {
      expect(keys.open('email', row, keys.seal('email', row, text))).toBe(text);
    }),
  );
});

test('what is sealed shows nothing of the text, and is different each time', () => {
  const keys = keysFrom(first);
  const sealed = [1, 2].map(() => keys.seal('email', 'row', 'ann@example.com'));
  expect(new Set(sealed).size).toBe(2);
  for (const one of sealed) {
    expect(one).toMatch(/^[0-9a-f]{12}\.[A-Za-z0-9_-]+$/);
    expect(Buffer.from(one.split('.')[1] ?? '', 'base64url').toString('latin1')).not.toContain('ann');
  }
});

test('no two texts are sealed with one vector', () => {
  const keys = keysFrom(first);
  const vectors = Array.from({ length: 1000 }, () => {
    const [, body = ''] = keys.seal('email', 'row', 'ann@example.com').split('.');
    return Buffer.from(body, 'base64url').toString('hex', 0, 12);
  });
  expect(new Set(vectors).size).toBe(1000);
});

describe('what does not open', () => {
  const keys = keysFrom(first);
  const sealed = keys.seal('email', 'row', 'ann@example.com');
  const changed = (at: number) => {
    const body = Buffer.from(sealed.split('.')[1] ?? '', 'base64url');
    body[at] = (body[at] ?? 0) ^ 1;
    return `${keys.id}.${body.toString('base64url')}`;
  };
  test.each([
    [
      'sealed for another purpose',
      () => keys.open('unsubscribe', 'row', sealed),
      'It was changed, or belongs to another row.',
    ],
    ['moved to another row', () => keys.open('email', 'other', sealed), 'It was changed, or belongs to another row.'],
    [
      'changed at the beginning',
      () => keys.open('email', 'row', changed(0)),
      'It was changed, or belongs to another row.',
    ],
    ['changed in the text', () => keys.open('email', 'row', changed(14)), 'It was changed, or belongs to another row.'],
    ['changed in the tag', () => keys.open('email', 'row', changed(40)), 'It was changed, or belongs to another row.'],
    ['cut off', () => keys.open('email', 'row', sealed.slice(0, -4)), 'It was changed, or belongs to another row.'],
    ['cut off to nearly nothing', () => keys.open('email', 'row', `${keys.id}.AAAA`), 'It was cut off.'],
    [
      'empty',
      () => keys.open('email', 'row', ''),
      'It was sealed under a key that is not among those in CANDOR_DATA_KEY.',
    ],
    [
      'under another key',
      () => keysFrom(second).open('email', 'row', sealed),
      'It was sealed under a key that is not among those in CANDOR_DATA_KEY.',
    ],
  ])('%s', (_what, open, message) => {
    expect(open).toThrow(SealFault);
    expect(open).toThrow(message);
  });
});

test('after a new key came, the earlier one opens what it sealed, and the new one is in use', () => {
  const [before, after, done] = [keysFrom(first), keysFrom(`${second}, ${first}`), keysFrom(second)];
  const sealed = before.seal('email', 'row', 'ann@example.com');
  expect(after.open('email', 'row', sealed)).toBe('ann@example.com');
  expect(after.id).toBe(done.id);
  expect(done.open('email', 'row', after.seal('email', 'row', 'text'))).toBe('text');
  expect(after.fingerprint('text')).toBe(done.fingerprint('text'));
});

test('a fingerprint is the same for the same text and key alone', () => {
  const keys = keysFrom(first);
  expect(keys.fingerprint('text')).toBe(keysFrom(first).fingerprint('text'));
  expect(keys.fingerprint('text')).not.toBe(keys.fingerprint('texts'));
  expect(keys.fingerprint('text')).not.toBe(keysFrom(second).fingerprint('text'));
});

test('a key may be written as base64url, as base64 and as hexadecimal', () => {
  const bytes = Buffer.from(first, 'base64url');
  const ids = [first, bytes.toString('base64'), bytes.toString('hex')].map((text) => keysFrom(text).id);
  expect(new Set(ids).size).toBe(1);
});

const size = 'must be 32 random bytes in base64: openssl rand -base64 32';
test.each([
  ['', size],
  ['secret', size],
  [first.slice(1), size],
  [`${first}x`, size],
  [`${first},`, size],
  [`${first},${first.slice(2)}`, size],
  ['A'.repeat(43), 'is not random: openssl rand -base64 32 makes a key'],
  ['ab'.repeat(32), 'is not random: openssl rand -base64 32 makes a key'],
])('no key: %j', (text, reason) => expect(readDataKeys(text)).toEqual({ kind: 'refused', reason }));
