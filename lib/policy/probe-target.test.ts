import { expect, test } from 'vitest';
import { writtenTarget } from './probe-target.ts';

test.each([
  ['127.0.0.1', 'private'],
  ['127.1', 'private'],
  ['2130706433', 'private'],
  ['0x7f.0.0.1', 'private'],
  ['10.1.2.3', 'private'],
  ['[::1]', 'private'],
  ['fd12:3456::1', 'private'],
  ['localhost', 'private'],
  ['LOCALHOST.', 'private'],
  ['api.localhost', 'private'],
  ['169.254.169.254', 'forbidden'],
  ['0251.0376.0251.0376', 'forbidden'],
  ['[::ffff:169.254.169.254]', 'forbidden'],
  ['fe80::1', 'forbidden'],
  ['0.0.0.0', 'forbidden'],
  ['metadata.google.internal', 'forbidden'],
  ['93.184.215.14', 'public'],
  ['[2606:4700::1111]', 'public'],
  ['api.example.com', undefined],
  ['localhost.example.com', undefined],
  ['notlocalhost', undefined],
])('%s is %s', (host, expected) => expect(writtenTarget(host)).toBe(expected));
