import { expect, test } from 'vitest';
import { foldRun } from '../../lib/policy/probe-run.ts';
import type { Component } from '../../lib/schema/component.ts';
import type { ProbesState } from '../../lib/schema/state.ts';
import { changesPublicly } from './public-change.ts';

const minute = (number: number) => new Date(Date.UTC(2026, 10, 20, 12, number));

/** The state after runs every five minutes of one probe each: `p` passes, `F` fails, `?` could not be asked. */
function after(history: string, state?: ProbesState, from = 0): ProbesState {
  let folded = state;
  for (const [index, letter] of [...history].entries()) {
    const sample =
      letter === 'p'
        ? ({ kind: 'pass', latencyMs: 1 } as const)
        : letter === 'F'
          ? ({ kind: 'fail', reason: 'timeout' } as const)
          : ({ kind: 'unmeasured', reason: 'runner_offline' } as const);
    const one = { probe: 'api', component: 'payments', onFailure: 'major_outage', sample, maintenance: false } as const;
    folded = foldRun(folded, { at: minute(from + index * 5), intervalSeconds: 300, results: [one] });
  }
  if (folded === undefined) throw new Error('There is no run in that history.');
  return folded;
}

test.each([
  ['a first run', '', 'p', true],
  ['a pass after a pass', 'p', 'p', false],
  ['a second failure', 'pF', 'F', false],
  ['a third failure', 'pFF', 'F', true],
  ['a pass after an outage', 'FFF', 'p', false],
  ['a second pass after an outage', 'FFFp', 'p', true],
  ['a run that measured nothing', 'p', '?', false],
  ['the run by which nothing was measured for too long', 'p???', '?', true],
  ['a run that measured nothing after that', 'p????', '?', false],
])('%s (%s, then %s): the page is made again: %s', (_what, history, last, expected) => {
  const before = history === '' ? undefined : after(history);
  const from = history.length * 5;
  expect(changesPublicly(before, after(last, before, from), [], minute(from))).toBe(expected);
});

test('an override that began or ended since the run before changes the page', () => {
  const payments = (setAt: Date, expiresAt: Date): Component => ({
    id: 'payments',
    file: 'components/payments.yml',
    name: 'Payments',
    description: '',
    group: undefined,
    order: 0,
    override: { status: 'under_maintenance', reason: 'New card terminals', setAt, expiresAt },
    positions: new Map(),
  });
  const before = after('p');
  const changed = (setAt: number, expiresAt: number) =>
    changesPublicly(before, after('p', before, 5), [payments(minute(setAt), minute(expiresAt))], minute(5));
  expect([changed(3, 30), changed(0, 4), changed(0, 30), changed(-60, -30)]).toEqual([true, true, false, false]);
});
