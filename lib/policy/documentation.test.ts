import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as policy from './constants.ts';
import { rules } from './rules.ts';
import { sitesNeeded } from './runner-offline.ts';

/** A page of the documentation as one line of words. */
function page(name: string): string {
  return readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8').replace(/\s+/g, ' ');
}

const list = (items: readonly string[], word: string) =>
  `${items.slice(0, -1).map(code).join(', ')} ${word} ${items.slice(-1).map(code)}`;
const code = (item: string) => `\`${item}\``;

test.each([
  ...Object.entries(policy.maxSilenceMinutes).map(([state, minutes]) => `| ${state} | ${minutes} minutes |`),
  `The resolved update comes within ${policy.finalUpdateMinutes} minutes of`,
  `a reason of at least ${policy.minOverrideReasonLength} characters`,
  `at most ${policy.maxOverrideHours} hours after its beginning`,
  `The command suggests ${policy.suggestedOverrideHours} hour.`,
  `become ${code(policy.redactionMarker)}`,
  `These tags are published: ${policy.allowedTags.map(code).join(', ')}.`,
  `it leads to ${list(policy.allowedProtocols, 'or')}`,
  `\`rel="${policy.forcedRel}"\``,
  `bar covers ${policy.uptimeBucketDays} days`,
  `${policy.failuresToGoDown} failed samples in a row make a probe down`,
  `${policy.passesToComeBack} passed samples in a row bring it back`,
  `one pass makes it up, ${policy.failuresToGoDown} failures make it down`,
  `${sitesNeeded} unrelated sites failed in the same way`,
  `neither passed nor failed for ${policy.silentIntervals} intervals`,
  `Raw results are kept for ${policy.rawResultHours} hours, hourly buckets for ${policy.uptimeBucketDays} days`,
  `is forgotten ${policy.unconfirmedSubscriptionHours} hours after its last link expired`,
  `A link that confirms is good for ${policy.confirmationTokenHours} hours, works once, and is ${policy.tokenBytes} random bytes.`,
  `At most ${policy.confirmationMailsPerDay} confirmation mails in 24 hours go to one address`,
  `An update that is more than ${policy.mailedUpdateDays} days old when it is first seen`,
  `is deleted ${policy.retiredObjectMinutes} minutes later`,
  `A publish that has not ended after ${policy.publishMinutes} minutes stops.`,
])('the documentation of the policy says: %s', (sentence) => expect(page('policy.md')).toContain(sentence));

test.each([
  `Raw results are kept for ${policy.rawResultHours} hours, buckets of an hour for ${policy.uptimeBucketDays} days`,
  `a result counts for good after ${policy.settledAfterHours} hours`,
])('the documentation of uptime says: %s', (sentence) => expect(page('uptime.md')).toContain(sentence));

test('the documentation lists every rule of the check as it is', () => {
  const rows = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8').match(/^\| `.*$/gm);
  expect(rows).toEqual(
    Object.entries(rules).map(
      ([id, { severity, why, stopsPage }]) =>
        `| \`${id}\` | ${severity} | ${stopsPage ? 'stopped' : 'made'} | ${why} |`,
    ),
  );
});
