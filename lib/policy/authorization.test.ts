import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PullRequestReview, RepositoryPermission } from '../schema/github.ts';
import { authorize, type PullRequestPeople, type Pusher } from './authorization.ts';

const head = 'a'.repeat(40);
const older = 'b'.repeat(40);
const ada = { login: 'ada', id: 1 };
const ben = { login: 'ben', id: 2 };
const cem = { login: 'cem', id: 3 };

function review(user: typeof ada | null, state: string, commit_id: string | null = head): PullRequestReview {
  return { user, state, commit_id };
}

function permissions(roles: Readonly<Record<number, string>>): Map<number, RepositoryPermission> {
  const words: Readonly<Record<string, string>> = { admin: 'admin', maintain: 'write', write: 'write' };
  return new Map(
    Object.entries(roles).map(([id, role_name]) => [
      Number(id),
      { role_name, permission: words[role_name] ?? 'read', user: null },
    ]),
  );
}

function people(reviews: readonly PullRequestReview[] = [], pusher: Pusher = 'author'): PullRequestPeople {
  return { author: ada, pusher, head, reviews };
}

test.each<[string, PullRequestPeople, Record<number, string>, boolean]>([
  ['an author who holds it', people(), { 1: 'admin' }, true],
  ['an author who does not', people(), { 1: 'maintain' }, false],
  ['an author without any role', people(), {}, false],
  ['an author of a role that is new', people(), { 1: 'superadmin' }, false],
  ['an approval by one who holds it', people([review(ben, 'APPROVED')]), { 1: 'write', 2: 'admin' }, true],
  ['an approval by one who does not', people([review(ben, 'APPROVED')]), { 1: 'write', 2: 'write' }, false],
  ['an approval of an older commit', people([review(ben, 'APPROVED', older)]), { 2: 'admin' }, false],
  ['an approval of no commit', people([review(ben, 'APPROVED', null)]), { 2: 'admin' }, false],
  ['an approval that was dismissed', people([review(ben, 'DISMISSED')]), { 2: 'admin' }, false],
  ['an approval by the author', people([review(ada, 'APPROVED')], 'unknown'), { 1: 'admin' }, false],
  ['a comment', people([review(ben, 'COMMENTED')]), { 2: 'admin' }, false],
  ['a review that is being written', people([review(ben, 'PENDING')]), { 2: 'admin' }, false],
  ['a state that is new', people([review(ben, 'APPROVED_LATER')]), { 2: 'admin' }, false],
  [
    'an approval that a comment follows',
    people([review(ben, 'APPROVED'), review(ben, 'COMMENTED')]),
    { 2: 'admin' },
    true,
  ],
  [
    'an approval that a request for changes follows',
    people([review(ben, 'APPROVED'), review(ben, 'CHANGES_REQUESTED')]),
    { 2: 'admin' },
    false,
  ],
  [
    'a request for changes that an approval follows',
    people([review(ben, 'CHANGES_REQUESTED'), review(ben, 'APPROVED')]),
    { 2: 'admin' },
    true,
  ],
  [
    'an approval of a commit, then of an older one',
    people([review(ben, 'APPROVED'), review(ben, 'APPROVED', older)]),
    { 2: 'admin' },
    false,
  ],
  [
    'one of several approvals',
    people([review(ben, 'APPROVED'), review(cem, 'APPROVED')]),
    { 2: 'write', 3: 'admin' },
    true,
  ],
  ['an approval by an account that is gone', people([review(null, 'APPROVED')]), { 1: 'write' }, false],
  ['an author who holds it, where somebody else pushed', people([], 'somebody else'), { 1: 'admin' }, false],
  ['an author who holds it, where nobody knows who pushed', people([], 'unknown'), { 1: 'admin' }, false],
  ['that, with an approval', people([review(ben, 'APPROVED')], 'unknown'), { 1: 'admin', 2: 'admin' }, true],
  ['an author whose account is gone', { ...people(), author: undefined }, { 1: 'admin' }, false],
])('%s: %#', (_what, facts, roles, allowed) => {
  expect(authorize(facts, permissions(roles), ['admin']).allowed).toBe(allowed);
});

test('who is allowed is told by whom', () => {
  expect(authorize(people([review(ben, 'APPROVED')]), permissions({ 1: 'write', 2: 'admin' }), ['admin'])).toEqual({
    allowed: true,
    reason: 'ben holds MANAGE_STATUS (admin) and approves the newest commit.',
  });
});

test('who is denied is told who is missing, and what helps', () => {
  const roles = permissions({ 1: 'write', 2: 'maintain' });
  expect(authorize(people([review(ben, 'APPROVED')]), roles, ['admin', 'status keeper'])).toEqual({
    allowed: false,
    reason:
      'This changes what the public reads, and nobody who holds MANAGE_STATUS (admin or status keeper) stands for it: ada, who wrote it, has the role write; ben, who approves it, has the role maintain.',
    fix: 'Ask somebody with the role admin or status keeper to approve the newest commit; this check runs again then. Approvals of older commits do not count.',
  });
});

test('without an approval it is said that nobody approves', () => {
  expect(authorize({ ...people(), author: undefined }, new Map(), ['admin'])).toMatchObject({
    reason:
      'This changes what the public reads, and nobody who holds MANAGE_STATUS (admin) stands for it: the account of its author is gone; nobody approves its newest commit.',
  });
});

test('an author in whose name somebody else pushed is told so', () => {
  expect(authorize(people([], 'somebody else'), permissions({ 1: 'admin' }), ['admin'])).toEqual({
    allowed: false,
    reason: 'ada, who opened this, holds MANAGE_STATUS, but somebody else pushed the newest commit.',
    fix: 'Let somebody who holds MANAGE_STATUS (admin) approve the newest commit, or let ada push.',
  });
});

test('without a person of the right role nothing is ever allowed', () => {
  const states = fc.constantFrom('APPROVED', 'CHANGES_REQUESTED', 'DISMISSED', 'COMMENTED', 'PENDING');
  const reviews = fc.array(
    fc.record({
      user: fc.constantFrom(ada, ben, cem, null),
      state: states,
      commit_id: fc.constantFrom(head, older, null),
    }),
  );
  const pushers = fc.constantFrom<Pusher>('author', 'somebody else', 'unknown');
  fc.assert(
    fc.property(reviews, pushers, fc.string(), (given, pusher, role) => {
      fc.pre(role !== 'admin');
      expect(authorize(people(given, pusher), permissions({ 1: role, 2: role, 3: role }), ['admin']).allowed).toBe(
        false,
      );
    }),
  );
});
