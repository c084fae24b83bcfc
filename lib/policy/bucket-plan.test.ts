import { expect, test } from 'vitest';
import { type BucketSettings, bucketPlan, freshBucket, publicCors, snapshotRule, websiteOf } from './bucket-plan.ts';

const prepared: BucketSettings = {
  ...freshBucket,
  website: websiteOf('page/'),
  cors: [publicCors],
  lifecycle: [snapshotRule('page/')],
  isUniform: true,
};

/** The settings that would be changed in a prepared bucket with these differences. */
function changed(differences: Partial<BucketSettings>, prefix = 'page/') {
  return bucketPlan({ ...prepared, ...differences }, prefix).changes;
}

function warningsOf(differences: Partial<BucketSettings>): readonly string[] {
  return bucketPlan({ ...prepared, ...differences }, 'page/').warnings;
}

const others = { action: { type: 'SetStorageClass', storageClass: 'NEARLINE' }, condition: { age: 30 } };

test('a bucket that was just made needs all of it', () => {
  expect(bucketPlan(freshBucket, '').changes.map(({ setting }) => setting)).toEqual([
    'website',
    'cors',
    'lifecycle',
    'access',
  ]);
});

test('a prepared bucket needs nothing', () => {
  expect(bucketPlan(prepared, 'page/')).toEqual({ changes: [], warnings: [] });
});

test('what says how things are now goes after seven days, and nothing of the archive', () => {
  expect(snapshotRule('page/')).toEqual({
    action: { type: 'Delete' },
    condition: {
      age: 7,
      matchesPrefix: [
        'page/current.json',
        'page/index.html',
        'page/components/',
        'page/api/v1/status/current.json',
        'page/api/v1/status/components.json',
        'page/api/v1/status/uptime.json',
        'page/api/v1/status/incidents.json',
      ],
    },
  });
});

test('rules of others stay, before ours', () => {
  expect(changed({ lifecycle: [others] })[0]?.patch).toEqual({
    lifecycle: { rule: [others, snapshotRule('page/')] },
  });
});

test('a rule that says the same in another order is ours', () => {
  const { condition = {} } = snapshotRule('page/');
  const names = [...(Array.isArray(condition['matchesPrefix']) ? condition['matchesPrefix'] : [])].reverse();
  const rule = { condition: { matchesPrefix: names, age: 7 }, action: { type: 'Delete' } };
  expect(changed({ lifecycle: [rule] })).toEqual([]);
});

test('a rule that an earlier version wrote about the same files is replaced', () => {
  const earlier = { action: { type: 'Delete' }, condition: { age: 3, matchesPrefix: ['page/current.json'] } };
  expect(changed({ lifecycle: [earlier, others] })[0]?.patch).toEqual({
    lifecycle: { rule: [others, snapshotRule('page/')] },
  });
});

test('the rule of another page in the same bucket stays', () => {
  const rule = snapshotRule('other/');
  expect(changed({ lifecycle: [rule] })[0]?.patch).toEqual({ lifecycle: { rule: [rule, snapshotRule('page/')] } });
});

test('rules about other sites stay, and one that lets everybody read is enough', () => {
  const narrow = { origin: ['https://shop.example'], method: ['GET'] };
  expect(changed({ cors: [narrow] })[0]?.patch).toEqual({ cors: [narrow, publicCors] });
  expect(changed({ cors: [narrow, { origin: ['*'], method: ['*'] }] })).toEqual([]);
});

test('a website of somebody else stays, and that is said', () => {
  const website = { mainPageSuffix: 'home.html' };
  expect(changed({ website })).toEqual([]);
  expect(warningsOf({ website })).toEqual([
    'The website was left as it is: home.html for folders, nothing for what is not there.',
  ]);
});

test.each([
  ['deletes everything', { age: 365 }, true],
  ['deletes pages of incidents', { age: 365, matchesPrefix: ['page/inc'] }, true],
  ['deletes what the page is not part of', { age: 365, matchesPrefix: ['logs/'] }, false],
  ['deletes old versions alone', { numNewerVersions: 3 }, false],
  ['deletes what is not live alone', { age: 30, isLive: false }, false],
])('a rule that %s', (_name, condition, isWarned) => {
  const warnings = warningsOf({ lifecycle: [snapshotRule('page/'), { action: { type: 'Delete' }, condition }] });
  expect(warnings.length).toBe(isWarned ? 1 : 0);
});

test('what keeps a page from being published or read is said', () => {
  expect(warningsOf({ isRetained: true, requesterPays: true })).toEqual([
    'The bucket keeps objects from being replaced (a retention policy or hold), so nothing can be published twice. Take that away.',
    'Readers have to pay for what they read (requester pays), so the public cannot. Take that away.',
  ]);
});
