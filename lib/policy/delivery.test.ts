import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instant } from '../testing/builders.ts';
import { afterRefusal, judgeReply, nextTry, type SmtpStep, serverPauseMs, type Verdict } from './delivery.ts';

const unusable: Verdict = { kind: 'unusable' };
const later: Verdict = { kind: 'later' };

test.each<[string, SmtpStep, number, string | undefined, Verdict]>([
  ['a server that is too busy for a session is of no use', 'session', 421, '4.3.2', unusable],
  ['nor is one that refuses to speak', 'session', 554, '5.7.1', unusable],
  ['nor one that refuses the sign-in', 'session', 535, '5.7.8', unusable],
  ['nor one that asks for a sign-in late', 'recipient', 530, '5.7.0', unusable],
  ['nor one that cannot look up the sign-in just now', 'sender', 454, '4.7.0', unusable],
  ['nor one that refuses the sender', 'sender', 553, '5.7.1', unusable],
  ['a sender that is refused for now is tried again', 'sender', 451, '4.3.0', later],
  ['so is a recipient (greylisting)', 'recipient', 450, '4.7.1', later],
  ['so is a full mailbox that may be emptied', 'recipient', 452, '4.2.2', later],
  ['so is a message', 'message', 451, undefined, later],
  ['so is what met a confused session', 'recipient', 503, '5.5.1', later],
  ['a mailbox that does not exist', 'recipient', 550, '5.1.1', { kind: 'refused', about: 'mailbox' }],
  ['a mailbox that does not exist, found out late', 'message', 550, '5.1.1', { kind: 'refused', about: 'mailbox' }],
  ['a domain that takes no mail', 'recipient', 556, '5.1.10', { kind: 'refused', about: 'mailbox' }],
  ['a mailbox that is disabled may be again', 'recipient', 550, '5.2.1', { kind: 'refused', about: 'recipient' }],
  [
    'a number alone does not say that there is no mailbox',
    'recipient',
    550,
    undefined,
    { kind: 'refused', about: 'recipient' },
  ],
  ['a policy is about who sends', 'recipient', 550, '5.7.1', { kind: 'refused', about: 'sender' }],
  [
    'a message that is refused says nothing of the address',
    'message',
    554,
    undefined,
    { kind: 'refused', about: 'sender' },
  ],
  ['nor does its size', 'message', 552, '5.3.4', { kind: 'refused', about: 'sender' }],
  ['a full mailbox, found out late, does', 'message', 552, '5.2.2', { kind: 'refused', about: 'recipient' }],
])('%s (%s, %i %s)', (_rule, step, code, enhanced, expected) => {
  expect(judgeReply(step, { code, enhanced })).toEqual(expected);
});

test.each([
  ['no such mailbox suspends at once', 'mailbox', 0, { refused: true, suspend: true }],
  ['the first refusal counts', 'recipient', 0, { refused: true, suspend: false }],
  ['so does the second', 'recipient', 1, { refused: true, suspend: false }],
  ['the third in a row suspends', 'recipient', 2, { refused: true, suspend: true }],
  ['what is about us never counts', 'sender', 2, { refused: false, suspend: false }],
] as const)('%s', (_rule, about, before, expected) => {
  expect(afterRefusal(about, before)).toEqual(expected);
});

const owedAt = instant('2026-11-20T10:00:00Z');

test.each([
  ['a minute after the first try', 1, '2026-11-20T10:00:00Z', 0.5, '2026-11-20T10:01:00Z'],
  ['two after the second', 2, '2026-11-20T10:01:00Z', 0.5, '2026-11-20T10:03:00Z'],
  ['an hour at the most', 12, '2026-11-20T15:00:00Z', 0.5, '2026-11-20T16:00:00Z'],
  ['a fifth sooner at the soonest', 7, '2026-11-20T15:00:00Z', 0, '2026-11-20T15:48:00Z'],
  ['a fifth later at the latest', 7, '2026-11-20T15:00:00Z', 1, '2026-11-20T16:12:00Z'],
  ['for the last time when the day is over', 30, '2026-11-21T09:30:00Z', 0.5, '2026-11-21T10:00:00Z'],
  ['and then never', 31, '2026-11-21T10:00:00Z', 0.5, undefined],
])('a mail is tried again %s', (_rule, attempts, now, chance, expected) => {
  expect(nextTry({ owedAt, attempts }, instant(now), chance)).toEqual(
    expected === undefined ? undefined : instant(expected),
  );
});

test('whatever the chance, a mail that is never taken is tried between 25 and 40 times, within a day, and given up', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 50, maxLength: 50 }), (chances) => {
      let now = owedAt;
      let attempts = 0;
      for (;;) {
        attempts += 1;
        const next = nextTry({ owedAt, attempts }, now, chances[attempts] ?? 0);
        if (next === undefined) break;
        expect(next.getTime()).toBeGreaterThan(now.getTime());
        now = next;
      }
      expect(now).toEqual(instant('2026-11-21T10:00:00Z'));
      expect(attempts).toBeGreaterThanOrEqual(25);
      expect(attempts).toBeLessThanOrEqual(40);
    }),
  );
});

test.each([
  [1, 5000],
  [2, 10_000],
  [7, 300_000],
  [2000, 300_000],
])('the pause after %i times of no use is %i ms', (times, expected) => {
  expect(serverPauseMs(times, 0.5)).toBe(expected);
});
