import { expect, test } from 'vitest';
import { mailPage } from '../../testing/mail-builders.ts';
import { senderOf } from './sender.ts';

test.each([
  ['a name and an address', 'Meadow <status@meadow.example>', { name: 'Meadow', address: 'status@meadow.example' }],
  ['a quoted name', '"Meadow, Status" <s@meadow.example>', { name: 'Meadow, Status', address: 's@meadow.example' }],
  ['an address in brackets', '<s@meadow.example>', { name: 'Marigold Commerce', address: 's@meadow.example' }],
  ['an address alone', ' s@meadow.example ', { name: 'Marigold Commerce', address: 's@meadow.example' }],
  ['nothing', undefined, { name: 'Marigold Commerce', address: 'support@marigold.example' }],
])('MAIL_FROM is %s', (_what, mailFrom, expected) => {
  expect(senderOf(mailFrom, mailPage)).toEqual(expected);
});
