import { expect, test } from 'vitest';
import { describeTimes } from './response-words.ts';

/** A day up to 10:07: `.` is a quarter of an hour of 100 ms, `S` of 300 ms, `x` one without an answer, ` ` one in which nobody asked. */
function told(day: string): string {
  const quarters = [...day.padEnd(96, '.')];
  const unanswered = quarters.flatMap((quarter, step) => (quarter === 'x' ? [step] : []));
  return describeTimes({
    from: '2026-11-19T10:15:00Z',
    step_minutes: 15,
    medians_ms: quarters.map((quarter) => (quarter === '.' ? 100 : quarter === 'S' ? 300 : null)),
    ...(unanswered.length === 0 ? {} : { unanswered }),
  });
}
/** As many quarters of an hour. */
const many = (quarters: number, kind = '.') => kind.repeat(quarters);

test('what is usual and what was slowest; all of the newest day, so that no day is named', () => {
  expect(told(`${many(60)}S`)).toBe('Typically 100 ms, at most 300 ms (01:15 UTC).');
  expect(told(`${many(60)}S${many(10)}xx`)).toBe(
    'Typically 100 ms, at most 300 ms (01:15 UTC). No answer from 04:00 to 04:30.',
  );
});

test('days are named where one of the times is of the day before', () => {
  expect(told(`${many(51)}xx${many(20)}S${many(3)}x`)).toBe(
    'Typically 100 ms, at most 300 ms (20 Nov 04:30 UTC). No answer from 19 Nov 23:00 to 23:30, 20 Nov 05:30 to 05:45.',
  );
  expect(told(`${many(53)}xx${many(20)}S`)).toMatch(/No answer from 19 Nov 23:30 to 24:00\.$/);
  expect(told(`${many(54)}xx${many(20)}S`)).toMatch(/No answer from 19 Nov 23:45 to 20 Nov 00:15\.$/);
});

test('time in which nobody asked is not told as time without an answer', () => {
  expect(told(`${many(60)}S${many(8, ' ')}.xx`)).toBe(
    'Typically 100 ms, at most 300 ms (01:15 UTC). No answer from 03:45 to 04:15. Not measured from 01:30 to 03:30.',
  );
});

test('a schedule that left out less than an hour is not told of', () => {
  expect(told(`${many(60)}S${many(3, ' ')}`)).toBe('Typically 100 ms, at most 300 ms (01:15 UTC).');
});

test('a young page says since when it measures', () => {
  expect(told(`${many(90, ' ')}..S`)).toBe('Typically 100 ms, at most 300 ms (09:15 UTC). Measured since 08:45.');
  expect(told(`${many(10, ' ')}..S`)).toBe(
    'Typically 100 ms, at most 300 ms (19 Nov 13:15 UTC). Measured since 19 Nov 12:45.',
  );
});

test('who asks no more is told since when', () => {
  expect(told(`${many(60)}S${many(27)}${many(8, ' ')}`)).toBe(
    'Typically 100 ms, at most 300 ms (01:15 UTC). Not measured since 08:15.',
  );
});

test('an outage that goes on is told up to now, not to the end of the quarter', () => {
  expect(told(`${many(60)}S${many(33)}xx`)).toBe(
    'Typically 100 ms, at most 300 ms (01:15 UTC). No answer from 09:45 to now.',
  );
});

test('of many gaps the newest are told and the others counted', () => {
  expect(told(`${many(60)}S.x.x.x.x`)).toBe(
    'Typically 100 ms, at most 300 ms (01:15 UTC). No answer from 02:15 to 02:30, 02:45 to 03:00, 03:15 to 03:30 and 1 time before.',
  );
});

test('a second and more is told in seconds', () => {
  const times = { from: '2026-11-19T22:30:00Z', step_minutes: 15 as const, medians_ms: [1250, 980] };
  expect(describeTimes(times)).toBe('Typically 980 ms, at most 1.25 s (22:30 UTC).');
});
