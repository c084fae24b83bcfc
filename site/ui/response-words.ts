import type { PublicResponseTimes } from '../../lib/schema/snapshot.ts';
import { inUnits } from './response-chart.ts';
import { shortDate } from './time.ts';

/** From so many steps in a row on (an hour), it is told that nobody asked: a schedule may skip some. */
const toldSteps = 4;
/** Of many gaps the newest are told. */
const maxToldGaps = 3;

/**
 * The chart in words: what is usual, what was slowest, when nobody answered, and when nobody asked. Times are UTC, with their
 * day where one that is told is not of the newest day.
 */
export function describeTimes(times: PublicResponseTimes): string {
  const measured = times.medians_ms.flatMap((ms, step) => (ms === null ? [] : [{ step, ms }]));
  const ordered = measured.toSorted((a, b) => a.ms - b.ms);
  const [usual, slowest] = [ordered[Math.floor((ordered.length - 1) / 2)], ordered.at(-1)];
  if (usual === undefined || slowest === undefined) return 'No answer was measured in the last 24 hours.';
  const { began, ended, silent, unanswered } = gapsOf(times);
  const told = [slowest.step, ...[began, ended].flatMap((step) => step ?? []), ...[...silent, ...unanswered].flat()];
  const clock = clockOf(times, told);
  return [
    `Typically ${inUnits(usual.ms)}, at most ${inUnits(slowest.ms)} (${clock.at(slowest.step)} UTC).`,
    gapWords('No answer', unanswered, clock.range),
    gapWords('Not measured', silent, clock.range),
    began === undefined ? '' : ` Measured since ${clock.at(began)}.`,
    ended === undefined ? '' : ` Not measured since ${clock.at(ended)}.`,
  ].join('');
}

/** The first and the last step of a stretch. */
type Gap = readonly [first: number, last: number];

interface Gaps {
  /** The first step in which somebody asked, where nobody had for long. */
  readonly began: number | undefined;
  /** The first step of those up to now in which nobody asks any more. */
  readonly ended: number | undefined;
  /** Where nobody asked for long in between. */
  readonly silent: readonly Gap[];
  readonly unanswered: readonly Gap[];
}

function gapsOf({ medians_ms: medians, unanswered = [] }: PublicResponseTimes): Gaps {
  const failed = new Set(unanswered);
  const silent = stretchesOf([...medians.keys()].filter((step) => medians[step] === null && !failed.has(step)));
  const long = silent.filter(([first, last]) => last - first >= toldSteps - 1);
  const [first, last] = [long[0], long.at(-1)];
  const isLeading = first !== undefined && first[0] === 0;
  const isTrailing = last !== undefined && last[1] === medians.length - 1;
  return {
    began: isLeading ? first[1] + 1 : undefined,
    ended: isTrailing ? last[0] : undefined,
    silent: long.slice(isLeading ? 1 : 0, isTrailing ? -1 : undefined),
    unanswered: stretchesOf(unanswered),
  };
}

/** Steps that follow each other, as stretches, oldest first. */
function stretchesOf(steps: readonly number[]): Gap[] {
  const stretches: [number, number][] = [];
  for (const step of steps) {
    const last = stretches.at(-1);
    if (last?.[1] === step - 1) last[1] = step;
    else stretches.push([step, step]);
  }
  return stretches;
}

function gapWords(what: string, gaps: readonly Gap[], range: (gap: Gap) => string): string {
  if (gaps.length === 0) return '';
  const told = gaps.slice(-maxToldGaps).map(range);
  const before = gaps.length - told.length;
  return ` ${what} from ${told.join(', ')}${before === 0 ? '' : ` and ${before} ${before === 1 ? 'time' : 'times'} before`}.`;
}

/** How the times of steps are written: with their day where one of those that are `told` is of an earlier day than the last. */
function clockOf({ from, step_minutes: minutes, medians_ms: medians }: PublicResponseTimes, told: readonly number[]) {
  const instantOf = (step: number) => new Date(Date.parse(from) + step * minutes * 60_000).toISOString();
  const dayOf = (step: number) => instantOf(step).slice(0, 10);
  const timeOf = (step: number) => instantOf(step).slice(11, 16);
  const isDayNamed = told.some((step) => dayOf(step) !== dayOf(medians.length - 1));
  const at = (step: number) => (isDayNamed ? `${shortDate(dayOf(step))} ${timeOf(step)}` : timeOf(step));
  const range = ([first, last]: Gap) => {
    const end = last + 1;
    if (end === medians.length) return `${at(first)} to now`;
    if (dayOf(end) === dayOf(first)) return `${at(first)} to ${timeOf(end)}`;
    return `${at(first)} to ${timeOf(end) === '00:00' ? '24:00' : at(end)}`;
  };
  return { at, range };
}
