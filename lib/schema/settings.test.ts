import { expect, test } from 'vitest';
import { readSettings, settingRows } from './settings.ts';

const key = Buffer.alloc(32, 7);
const older = Buffer.alloc(32, 255);

test('an empty environment settles on what needs no setting', () => {
  const unset = { SMTP_URL: '', DATABASE_URL: ' ' };
  expect(readSettings(unset)).toEqual({
    settings: { trustedProxies: 0, githubApiUrl: 'https://api.github.com' },
  });
});

test('every setting is read', () => {
  const env = {
    SMTP_URL: 'smtps://me:p%40ss@mail.example.com:465',
    MAIL_FROM: 'Meadow Status <status@example.com>',
    DATABASE_URL: 'postgresql://me:secret@db.example.com/status',
    REDIS_URL: 'rediss://cache.example.com',
    CANDOR_DATA_KEY: `${key.toString('base64')}, ${older.toString('base64url')},${older.toString('hex')}`,
    CANDOR_TRUST_PROXY: '2',
    GITHUB_TOKEN: 'token',
    GITHUB_API_URL: 'https://github.example.com/api/v3',
    GITHUB_REPOSITORY: 'meadow/status',
  };
  expect(Object.keys(env)).toEqual(Object.keys(settingRows));
  expect(readSettings(env)).toEqual({
    settings: {
      smtpUrl: env.SMTP_URL,
      mailFrom: env.MAIL_FROM,
      databaseUrl: env.DATABASE_URL,
      redisUrl: env.REDIS_URL,
      dataKey: env.CANDOR_DATA_KEY,
      trustedProxies: 2,
      githubToken: 'token',
      githubApiUrl: env.GITHUB_API_URL,
      githubRepository: 'meadow/status',
    },
  });
});

const wrong = {
  SMTP_URL: ['mail.example.com', 'http://x-hidden', 'smtp://', 'smtp://me:x-hidden#1@mail.example.com'],
  MAIL_FROM: [
    'x-hidden',
    'a@b.example, c@d.example',
    'A <a@b.example>\nBcc: <x@hidden.example>',
    '<>',
    'a b@c.example',
  ],
  DATABASE_URL: ['mysql://x-hidden', 'x-hidden', 'postgres://me:x-hidden#@db/status'],
  REDIS_URL: ['localhost:6379', 'http://x-hidden'],
  CANDOR_DATA_KEY: ['x-hidden', key.subarray(1).toString('base64'), `${key.toString('base64')},`, '!'.repeat(44)],
  CANDOR_TRUST_PROXY: ['yes', '-1', '1.5', '10'],
  GITHUB_TOKEN: ['x hidden'],
  GITHUB_API_URL: ['ftp://x-hidden', 'x-hidden'],
  GITHUB_REPOSITORY: ['x-hidden', 'https://github.com/meadow/status'],
};

test.each(Object.entries(wrong).flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
  '%s as %j is refused, and the message shows nothing of it',
  (name, value) => {
    const companions = { MAIL_FROM: 'a@b.example', CANDOR_DATA_KEY: key.toString('base64') };
    const { problems = [] } = readSettings({ ...companions, [name]: value });
    expect(problems.map((problem) => problem.name)).toEqual([name]);
    expect(JSON.stringify(problems)).not.toContain('hidden');
  },
);

test.each([
  ['a socket of this machine', 'DATABASE_URL', 'postgresql://me:secret@/status?host=/cloudsql/project:region:db'],
  ['a socket without a user', 'DATABASE_URL', 'postgres:///status?host=/run/postgresql'],
  ['an address alone', 'MAIL_FROM', 'status@example.com'],
  ['a server on this machine without a password', 'SMTP_URL', 'smtp://127.0.0.1:25'],
])('%s is fine: %s', (_what, name, value) => {
  const companions = { MAIL_FROM: 'a@b.example', CANDOR_DATA_KEY: key.toString('base64') };
  expect(readSettings({ ...companions, [name]: value }).problems).toBeUndefined();
});

test('all problems are told at once, also what is missing beside what is set', () => {
  const { problems } = readSettings({
    SMTP_URL: 'smtp://h',
    DATABASE_URL: 'postgres://h/d',
    CANDOR_TRUST_PROXY: 'all',
  });
  expect(problems).toEqual([
    {
      name: 'CANDOR_TRUST_PROXY',
      message:
        'CANDOR_TRUST_PROXY is not how many proxies in front of the endpoint are believed, a number from 0 to 9.',
      fix: 'Set it to 1 behind one load balancer, 0 where visitors connect directly.',
    },
    {
      name: 'MAIL_FROM',
      message: 'MAIL_FROM is not set, and a mail server wants to know whom mails are from.',
      fix: 'Set it to Status <status@example.com>.',
    },
    {
      name: 'CANDOR_DATA_KEY',
      message: 'CANDOR_DATA_KEY is not set, and endpoints that share a database need the same key.',
      fix: 'Set it to what `openssl rand -base64 32` prints.',
    },
  ]);
});

test('a command that needs a few settings reads no others', () => {
  const env = { DATABASE_URL: 'postgresql://candor@db.example.com/candor', SMTP_URL: 'no address' };
  expect(readSettings(env, ['DATABASE_URL']).settings).toMatchObject({ databaseUrl: env.DATABASE_URL });
  expect(readSettings(env, ['DATABASE_URL', 'CANDOR_DATA_KEY']).problems?.map(({ name }) => name)).toEqual([
    'CANDOR_DATA_KEY',
  ]);
});
