import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PublishTarget } from '../../lib/adapters/publish/publish-target.ts';
import { interleaved } from '../../lib/testing/interleaved.ts';
import { type MemoryTarget, memoryTarget, watchedTarget } from '../../lib/testing/memory-target.ts';
import { publicFiles, publishOf } from '../../lib/testing/publishes.ts';
import {
  editionAt,
  gapsIn,
  type SmallFacts,
  smallSite,
  someFacts,
  unloadableIn,
} from '../../lib/testing/small-site.ts';
import { readTarget } from './publish-head.ts';
import { publishSite } from './publish-site.ts';

/** One publisher: what it brings out, and after how many calls it is killed, if it is. */
interface Publisher {
  readonly facts: SmallFacts;
  readonly killedAfter: number | undefined;
}

/** Publishers that are at work at once, the one with the oldest build first, and how long after the ones before. */
interface Round {
  readonly publishers: readonly Publisher[];
  readonly minutes: number;
}

class Killed extends Error {}

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 21, 8, minutes));
const nothing: SmallFacts = { styles: 'a', incidents: [], components: [], snapshot: 's' };

function dyingTarget(target: PublishTarget, most = Number.POSITIVE_INFINITY): PublishTarget {
  let calls = 0;
  return watchedTarget(target, async (_call, work) => {
    calls += 1;
    if (calls > most) throw new Killed();
    return work();
  });
}

interface Looking {
  readonly turn: () => number;
  /** Looks at the target after each call, given the pages of the last edition that was published as a whole. */
  readonly look: (target: MemoryTarget, known: readonly string[]) => void;
}

/** Carries out all rounds, then publishes the last edition until nothing waits any more: nothing else is left. */
async function carryOut(rounds: readonly Round[], { turn, look }: Looking): Promise<void> {
  const target = memoryTarget();
  const last: Publisher = { facts: rounds.at(-1)?.publishers.at(-1)?.facts ?? nothing, killedAfter: undefined };
  let minutes = 0;
  for (const round of [...rounds, ...[1, 70, 70].map((later) => ({ publishers: [last], minutes: later }))]) {
    minutes += round.minutes;
    const known = await publishedPages(target);
    const works = round.publishers.map(({ facts, killedAfter }, index) => (turns: PublishTarget) => {
      const when = { edition: editionAt(minutes + index), now: at(minutes + round.publishers.length) };
      const given = { target: dyingTarget(turns, killedAfter), site: smallSite(facts), ...when };
      return publishSite(publishOf({ ...given, id: `${minutes} ${index}` }));
    });
    const ends = await interleaved(target, works, { schedule: turn, afterEach: () => look(target, known) });
    const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    expect(reasons.filter((reason) => !(reason instanceof Killed))).toEqual([]);
    minutes += round.publishers.length;
  }
  expect(publicFiles(target.objects)).toEqual(Object.fromEntries([...smallSite(last.facts)].toSorted()));
}

async function publishedPages(target: PublishTarget): Promise<string[]> {
  const { list } = await readTarget(target);
  return Object.keys(list?.files ?? {}).filter((path) => path.endsWith('.html'));
}

const calls = fc.nat(40);
const minutes = fc.constantFrom(1, 20, 70);

test('after any publish that was killed, the next one brings no page out that leads to what is not there', async () => {
  const round = (killed: boolean): fc.Arbitrary<Round> =>
    fc.record({
      publishers: fc.tuple(fc.record({ facts: someFacts, killedAfter: killed ? calls : fc.constant(undefined) })),
      minutes,
    });
  const rounds = fc.array(fc.tuple(round(true), round(false)), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(rounds, async (pairs) => {
      const look = (target: MemoryTarget, known: readonly string[]) =>
        expect(gapsIn(target.objects, known)).toEqual([]);
      await carryOut(pairs.flat(), { turn: () => 0, look });
    }),
    { numRuns: 100 },
  );
});

test('whoever was killed and whoever came in between, pages find what they load, and nothing is left behind', async () => {
  const publisher = fc.record({ facts: someFacts, killedAfter: fc.option(calls, { nil: undefined }) });
  const round = fc.record({ publishers: fc.array(publisher, { minLength: 1, maxLength: 3 }), minutes });
  await fc.assert(
    fc.asyncProperty(
      fc.array(round, { minLength: 1, maxLength: 4 }),
      fc.infiniteStream(fc.nat(2)),
      async (rounds, turns) => {
        const look = (target: MemoryTarget) => expect(unloadableIn(target.objects)).toEqual([]);
        await carryOut(rounds, { turn: () => turns.next().value ?? 0, look });
      },
    ),
    { numRuns: 100 },
  );
});
