import { expect, test } from 'vitest';
import { type MemoryTarget, memoryTarget, watchedTarget } from '../../lib/testing/memory-target.ts';
import { type Given, publicFiles, publishOf } from '../../lib/testing/publishes.ts';
import { editionAt, gapsIn, type SmallSite, smallSite } from '../../lib/testing/small-site.ts';
import { publishSite } from './publish-site.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 21, 8, minutes));
const first = smallSite({
  styles: 'old',
  incidents: ['one'],
  components: ['mail', 'tills'],
  words: { 'incidents/one/index.html': 'first words' },
  snapshot: 'first',
});
const second = smallSite({
  styles: 'new',
  incidents: ['one', 'two'],
  components: ['tills'],
  words: { 'incidents/one/index.html': 'second words' },
  snapshot: 'second',
});

class Killed extends Error {}

/** The pages that the public knows already. */
const known = [...first.keys()].filter((path) => path.endsWith('.html'));

/** How a call can go wrong: it is never made, its answer is lost, or the process dies before or after it. */
const faults = {
  'is not made': { isMade: false, dies: false },
  'loses its answer': { isMade: true, dies: false },
  'is the last, and not made': { isMade: false, dies: true },
  'is the last': { isMade: true, dies: true },
} as const;

/** A target whose call number `number` goes wrong; `watch` sees the target after every change. */
function faultyTarget(target: MemoryTarget, number: number, fault: keyof typeof faults, watch: () => void) {
  const { isMade, dies } = faults[fault];
  let calls = 0;
  return {
    calls: () => calls,
    target: watchedTarget(target, async (call, work) => {
      calls += 1;
      const isFaulty = calls === number;
      if (calls > number && dies) throw new Killed();
      if (isFaulty && !isMade) throw new Killed();
      const result = await work();
      if (call.name === 'put' || call.name === 'remove') watch();
      if (isFaulty) throw new Killed();
      return result;
    }),
  };
}

const publish = (given: Given) => publishSite(publishOf(given));

/** A target with the first page, and something that the first page no longer had, retired long ago. */
async function published(): Promise<MemoryTarget> {
  const target = memoryTarget();
  target.drop('people/else.html', 'not ours');
  const zero = smallSite({ styles: 'oldest', incidents: ['one'], components: ['mail', 'tills'], snapshot: 'zero' });
  await publish({ target, site: zero, edition: editionAt(-200), now: at(-200), id: 'zero' });
  await publish({ target, site: first, edition: editionAt(0), now: at(-100), id: 'first' });
  return target;
}

/** A page, and beside it what somebody else has there. */
function withOthers(site: SmallSite): Record<string, string> {
  return Object.fromEntries([...site, ['people/else.html', 'not ours'] as const].toSorted());
}

async function callsOfOnePublish(): Promise<number> {
  const counting = faultyTarget(await published(), Number.POSITIVE_INFINITY, 'is the last', () => {});
  await publish({ target: counting.target, site: second, edition: editionAt(10), now: at(10), id: 'second' });
  return counting.calls();
}

test.each(Object.keys(faults).filter((fault): fault is keyof typeof faults => fault in faults))(
  'whichever call of a publish %s, no page names what is not there, and the next publish completes it',
  async (fault) => {
    const calls = await callsOfOnePublish();
    expect(calls).toBeGreaterThan(15);
    for (let number = 1; number <= calls; number += 1) {
      const target = await published();
      const faulty = faultyTarget(target, number, fault, () => expect(gapsIn(target.objects, known)).toEqual([]));
      const broken = publish({
        target: faulty.target,
        site: second,
        edition: editionAt(10),
        now: at(10),
        id: 'second',
      });
      await expect(broken).rejects.toThrow(Killed);
      expect(gapsIn(target.objects)).toEqual([]);
      await publish({ target, site: second, edition: editionAt(10), now: at(11), id: 'again' });
      expect(gapsIn(target.objects)).toEqual([]);
      await publish({ target, site: second, edition: editionAt(80), now: at(80), id: 'later' });
      await publish({ target, site: second, edition: editionAt(150), now: at(150), id: 'last' });
      expect(publicFiles(target.objects), `call ${number}`).toEqual(withOthers(second));
      const lists = [...target.objects.keys()].filter((path) => path.startsWith('.candor/files-'));
      expect(lists.length, `lists after call ${number}`).toBeLessThanOrEqual(3);
    }
  },
);

test('a first publish that was killed is completed, and uploads what is missing alone', async () => {
  const whole = memoryTarget();
  await publish({ target: whole, site: first, edition: editionAt(0), now: at(0), id: 'whole' });
  for (let number = 1; number <= first.size; number += 1) {
    const target = memoryTarget();
    const faulty = faultyTarget(target, number, 'is the last', () => expect(gapsIn(target.objects)).toEqual([]));
    const broken = publish({ target: faulty.target, site: first, edition: editionAt(0), now: at(0), id: 'first' });
    await expect(broken).rejects.toThrow(Killed);
    const there = Object.entries(publicFiles(target.objects)).filter(([path, text]) => first.get(path) === text).length;
    const result = await publish({ target, site: first, edition: editionAt(0), now: at(1), id: 'again' });
    expect(result).toMatchObject({ kind: 'published', uploaded: first.size - there });
    expect(publicFiles(target.objects)).toEqual(publicFiles(whole.objects));
  }
});

test('an edition that takes back what a killed publish began leaves nothing of it', async () => {
  const calls = await callsOfOnePublish();
  for (let number = 1; number <= calls; number += 1) {
    const target = await published();
    const faulty = faultyTarget(target, number, 'is the last', () => {});
    const broken = publish({ target: faulty.target, site: second, edition: editionAt(10), now: at(10), id: 'second' });
    await expect(broken).rejects.toThrow(Killed);
    await publish({ target, site: first, edition: editionAt(12), now: at(12), id: 'back' });
    expect(gapsIn(target.objects)).toEqual([]);
    await publish({ target, site: first, edition: editionAt(80), now: at(80), id: 'later' });
    await publish({ target, site: first, edition: editionAt(150), now: at(150), id: 'last' });
    expect(publicFiles(target.objects), `call ${number}`).toEqual(withOthers(first));
  }
});
