import { expect, test } from 'vitest';
import { smtpAddress } from './smtp-address.ts';

test.each([
  ['a password for another machine', 'smtp://user:secret@mail.example.com:587', 'smtp://mail.example.com:587', true],
  ['one over TLS from the start', 'smtps://user:secret@mail.example.com', 'smtps://mail.example.com', true],
  ['none', 'smtp://mail.example.com:25', 'smtp://mail.example.com:25', false],
  ['one for this machine', 'smtp://user:secret@127.0.0.1:25', 'smtp://127.0.0.1:25', false],
  ['one for this machine by name', 'smtp://user:secret@localhost', 'smtp://localhost', false],
  [
    'one for a machine that is only called so',
    'smtp://u:p@127.0.0.1.example.com',
    'smtp://127.0.0.1.example.com',
    true,
  ],
  ['one that is given up on', 'smtp://u:p@mail.example.com?requireTLS=false', 'smtp://mail.example.com', false],
])('with %s', (_what, url, place, requireTls) => {
  expect(smtpAddress(url)).toEqual({ place, requireTls });
});

test.each(['', 'mail.example.com', 'https://mail.example.com', 'smtp://'])('%j is no mail server', (url) => {
  expect(() => smtpAddress(url)).toThrow('SMTP_URL is no address of a mail server.');
});
