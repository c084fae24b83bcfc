import { expect, test } from 'vitest';
import type { ProbeRecord } from '../schema/state.ts';
import { runsOf, stateAfter } from '../testing/probe-histories.ts';
import { observedHealth } from './component-health.ts';

const noon = Date.parse('2026-11-20T12:00:00Z');
const minute = (minutes: number) => new Date(noon + minutes * 60_000);

/** The records of probes of one component that were asked every five minutes from noon on, each with its status. */
function records(histories: Readonly<Record<string, string>>): ProbeRecord[] {
  return Object.entries(histories).flatMap(([onFailure, history]) => {
    const status = onFailure === 'partial_outage' || onFailure === 'degraded_performance' ? onFailure : 'major_outage';
    return stateAfter(runsOf({ [`${onFailure.replaceAll('_', '-')} shop`]: history }, { onFailure: status })).probes;
  });
}

test.each([
  ['of no probes nothing is known', {}, 'unknown', undefined],
  ['passes are operational', { major_outage: 'pp' }, 'operational', 0],
  ['two failures are operational still', { major_outage: 'pFF' }, 'operational', 0],
  ['three failures are what the probe says, since the first', { partial_outage: 'pFFF' }, 'partial_outage', 5],
  ['it is operational since the last of its probes is', { a: 'ppp', b: 'F?p' }, 'operational', 10],
  ['the worst probe counts', { partial_outage: 'FFF', major_outage: 'pppFFF' }, 'major_outage', 15],
  ['the first of the worst dates it', { a: 'ppFFF', b: 'pFFFF' }, 'major_outage', 5],
  ['what came back from something worse dates it', { partial_outage: 'FFFFFF', a: 'FFFFpp' }, 'partial_outage', 20],
  ['what came back from something better does not', { partial_outage: 'pFFFF', a: 'ppppp' }, 'partial_outage', 5],
  ['a probe of which nothing is known hides health', { a: 'pp', b: 'FF' }, 'unknown', 5],
  ['what came back from trouble dates silence', { a: 'FFpppp', b: 'FF????', c: 'FFFFpp' }, 'unknown', 20],
  ['and hides no trouble', { a: 'FFF', b: '??' }, 'major_outage', 0],
] as const)('%s', (_rule, histories, status, sinceMinute) => {
  const since = sinceMinute === undefined ? undefined : minute(sinceMinute);
  const runs = Math.max(0, ...Object.values(histories).map((history) => history.length));
  expect(observedHealth(records(histories), 300, minute(runs * 5))).toEqual({ status, since });
});

test('evidence is good for three intervals and not longer; then it is unknown since it was last heard of', () => {
  const probes = records({ major_outage: 'pFFF' });
  expect(observedHealth(probes, 300, minute(15 + 15)).status).toBe('major_outage');
  const later = new Date(minute(15 + 15).getTime() + 1);
  expect(observedHealth(probes, 300, later)).toEqual({ status: 'unknown', since: minute(15) });
});

test('what could not be measured is no evidence', () => {
  const probes = records({ major_outage: 'p????' });
  expect(observedHealth(probes, 300, minute(15)).status).toBe('operational');
  expect(observedHealth(probes, 300, minute(20))).toEqual({ status: 'unknown', since: minute(0) });
});
