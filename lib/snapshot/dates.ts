const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** How much of an instant is written out. */
export type Detail = 'full' | 'day' | 'time';

/** An instant in UTC: `20 Nov 2026, 10:05 UTC`, without the year (`day`), or the time alone. */
export function utc(instant: string, detail: Detail): string {
  const time = `${instant.slice(11, 16)} UTC`;
  if (detail === 'time') return time;
  return `${shortDate(instant)}${detail === 'full' ? ` ${instant.slice(0, 4)}` : ''}, ${time}`;
}

/** A day: `20 Nov`. */
export function shortDate(date: string): string {
  return `${Number(date.slice(8, 10))} ${monthName(date).slice(0, 3)}`;
}

/** The month of a date or of `YYYY-MM`: `November`. */
export function monthName(date: string): string {
  return monthNames[Number(date.slice(5, 7)) - 1] ?? date;
}
