import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memorySubscriptions } from '../testing/memory-subscriptions.ts';
import { sealedWish } from '../testing/subscription-builders.ts';
import { type DataKeys, newDataKey, readDataKeys } from './data-keys.ts';
import { readEmailAddress } from './email-address.ts';
import { openEmail, openUnsubscribe, sealedIdentity } from './subscriber-secrets.ts';
import { tokenKey } from './tokens.ts';

function someKeys(): DataKeys {
  const reading = readDataKeys(newDataKey());
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return reading.keys;
}

function identityOf(keys: DataKeys, text: string) {
  const reading = readEmailAddress(text);
  if (reading.kind === 'refused') throw new Error(reading.reason);
  return sealedIdentity(keys, reading.address);
}

test('an address is found under any letter case, and opens as it was typed', () => {
  const keys = someKeys();
  const [one, two] = [identityOf(keys, 'Ann@Example.com'), identityOf(keys, 'ANN@example.COM')];
  expect(one.emailKey).toBe(two.emailKey);
  expect(one.id).not.toBe(two.id);
  expect(openEmail(keys, one)).toBe('Ann@Example.com');
  expect(openEmail(keys, two)).toBe('ANN@example.COM');
});

test('a law: wishes for one address under any letter case are one subscriber', async () => {
  const keys = someKeys();
  const local = fc.string({ unit: fc.constantFrom(...'abcXYZ019+-_'), minLength: 1, maxLength: 12 });
  const upper = fc.array(fc.boolean(), { minLength: 24, maxLength: 24 });
  await fc.assert(
    fc.asyncProperty(local, fc.array(upper, { minLength: 1, maxLength: 5 }), async (name, cases) => {
      const store = memorySubscriptions();
      for (const upper of cases) {
        const signs = Array.from(`${name}@example.com`, (sign, at) =>
          upper[at] ? sign.toUpperCase() : sign.toLowerCase(),
        );
        await store.subscribe(sealedWish(keys, signs.join('')));
      }
      expect(await store.counts([])).toMatchObject({ unconfirmed: 1 });
    }),
  );
});

test('the token to unsubscribe opens to the one whose hash finds it', () => {
  const keys = someKeys();
  const identity = identityOf(keys, 'ann@example.com');
  expect(tokenKey('unsubscribe', openUnsubscribe(keys, identity))).toBe(identity.unsubscribeKey);
});

test('nothing of the address and the token is kept in the clear', () => {
  const identity = identityOf(someKeys(), 'ann@example.com');
  expect(JSON.stringify(identity)).not.toMatch(/ann@|example/i);
});
