import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sample } from '../schema/sample.ts';
import type { ProbeHealth } from '../schema/state.ts';
import { freshHealth, observe } from './hysteresis.ts';

const kinds = { p: 'pass', F: 'fail', '?': 'unmeasured' } as const;
type Letter = keyof typeof kinds;

/** Every letter is a sample, a minute after the one before: the first at minute 0. */
function healthAfter(history: string, from: ProbeHealth = freshHealth, firstMinute = 0): ProbeHealth {
  return [...history].reduce((health, letter, index) => observe(health, sampleOf(letter), firstMinute + index), from);
}

function sampleOf(letter: string): Pick<Sample, 'kind'> {
  return { kind: kinds[letter === 'p' || letter === 'F' ? letter : '?'] };
}

describe('the verdict', () => {
  test.each([
    ['nothing is known before the first sample', '', 'unknown'],
    ['what was not measured tells nothing', '???', 'unknown'],
    ['the first pass is up at once', 'p', 'up'],
    ['one failure at the start tells nothing yet', 'F', 'unknown'],
    ['two failures at the start tell nothing yet', 'FF', 'unknown'],
    ['three failures at the start are down', 'FFF', 'down'],
    ['a pass after two failures at the start is up', 'FFp', 'up'],
    ['one blip changes nothing', 'pFFp', 'up'],
    ['two failures in a row change nothing', 'pFF', 'up'],
    ['three failures in a row are down', 'pFFF', 'down'],
    ['a pass in between starts the count again', 'FFpFF', 'up'],
    ['fail, pass, fail resets both counts', 'pFpFpFpF', 'up'],
    ['unmeasured neither counts nor resets', 'FF?F', 'down'],
    ['unmeasured alone never makes it down', 'pF?????', 'up'],
    ['one pass in an outage is not enough', 'FFFp', 'down'],
    ['two passes in a row are up again', 'FFFpp', 'up'],
    ['two passes with a failure between them are not', 'FFFpFp', 'down'],
    ['two passes with a gap between them are', 'FFFp?p', 'up'],
    ['a long outage needs two passes as well', 'FFFFFFFFp', 'down'],
  ])('%s (%s)', (_rule, history, verdict) => expect(healthAfter(history).verdict).toBe(verdict));
});

test('an outage is dated back to the first of the three failures, and says when it was known', () => {
  expect(healthAfter('ppF?FF')).toEqual({
    verdict: 'down',
    consecutive_failures: 3,
    consecutive_passes: 0,
    run_began_at: 2,
    since: 2,
    known_at: 5,
    evidence_at: 5,
  });
});

test('recovery is dated back to the first of the two passes, and says when it was known', () => {
  expect(healthAfter('FFFFp?p?')).toEqual({
    verdict: 'up',
    consecutive_failures: 0,
    consecutive_passes: 2,
    run_began_at: 4,
    since: 4,
    known_at: 6,
    evidence_at: 6,
  });
});

test('a further failure in an outage changes no date but that of the evidence', () => {
  expect(healthAfter('pFFFFF')).toEqual({ ...healthAfter('pFFF'), consecutive_failures: 5, evidence_at: 5 });
});

describe('laws', () => {
  const letter = fc.constantFrom<Letter>('p', 'F', '?');
  const history = fc.array(letter, { maxLength: 40 }).map((letters) => letters.join(''));

  test('what was not measured is neutral wherever it comes', () => {
    const check = (before: string, rest: string) => {
      const health = healthAfter(before);
      const at = before.length + 1;
      expect(healthAfter(rest, healthAfter('?', health, before.length), at)).toEqual(healthAfter(rest, health, at));
    };
    fc.assert(fc.property(history, history, check));
  });

  test('folding in two parts is folding at once', () => {
    const check = (first: string, second: string) => {
      expect(healthAfter(second, healthAfter(first), first.length)).toEqual(healthAfter(first + second));
    };
    fc.assert(fc.property(history, history, check));
  });

  test('the verdict is that of the last three failures or two passes in a row', () => {
    const check = (samples: string) => {
      const measured = samples.replaceAll('?', '');
      const firstVerdict = /p|FFF/.exec(measured);
      const down = measured.lastIndexOf('FFF');
      const up = measured.lastIndexOf('pp');
      const began = firstVerdict?.[0] === 'p' && down === -1;
      const expected = firstVerdict === null ? 'unknown' : began || up > down ? 'up' : 'down';
      expect(healthAfter(samples).verdict).toBe(expected);
    };
    fc.assert(fc.property(history, check));
  });

  test('it becomes down only at the third failure in a row, and up again only at the second pass', () => {
    const check = (samples: string, last: Letter) => {
      const before = healthAfter(samples);
      const now = healthAfter(last, before, samples.length);
      if (now.verdict === before.verdict) return;
      const measured = (samples + last).replaceAll('?', '');
      const reasons = { down: /FFF$/, up: before.verdict === 'down' ? /pp$/ : /p$/, unknown: /^$/ };
      expect(measured).toMatch(reasons[now.verdict]);
    };
    fc.assert(fc.property(history, letter, check));
  });

  test('what is known began no later than it was known, and a run no later than its evidence', () => {
    const check = (samples: string) => {
      const { verdict, since, known_at, run_began_at, evidence_at } = healthAfter(samples);
      expect(since === undefined).toBe(verdict === 'unknown');
      expect(known_at === undefined).toBe(verdict === 'unknown');
      expect(since ?? 0).toBeLessThanOrEqual(known_at ?? 0);
      expect(known_at ?? 0).toBeLessThanOrEqual(evidence_at ?? 0);
      expect(run_began_at ?? 0).toBeLessThanOrEqual(evidence_at ?? 0);
    };
    fc.assert(fc.property(history, check));
  });

  test('one of the two counts is always zero, unless nothing was measured', () => {
    const check = (samples: string) => {
      const { consecutive_failures: failures, consecutive_passes: passes } = healthAfter(samples);
      const measured = samples.replaceAll('?', '');
      expect([failures, passes]).toEqual([
        measured.length - measured.replace(/F+$/, '').length,
        measured.length - measured.replace(/p+$/, '').length,
      ]);
    };
    fc.assert(fc.property(history, check));
  });
});
