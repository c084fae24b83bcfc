import { monthName, shortDate } from '../../lib/snapshot/dates.ts';
import { count } from './words.ts';

export { type Detail, monthName, shortDate, utc } from '../../lib/snapshot/dates.ts';

const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const dayMs = 86_400_000;

/** A day of a known month: `Friday 20`. */
export function dayOfMonth(date: string): string {
  return `${dayNames[new Date(date.slice(0, 10)).getUTCDay()]} ${Number(date.slice(8, 10))}`;
}

/** A day: `Friday 20 November`. */
export function longDate(date: string): string {
  return `${dayOfMonth(date)} ${monthName(date)}`;
}

/** A month: `November 2026`. */
export function monthYear(month: string): string {
  return `${monthName(month)} ${month.slice(0, 4)}`;
}

/** A month: `Nov 2026`. */
export function shortMonth(month: string): string {
  return `${monthName(month).slice(0, 3)} ${month.slice(0, 4)}`;
}

/** From the first day to the last, both included: `3 Nov`, `3 to 9 Nov`, `28 Oct to 3 Nov`. */
export function dateRange(first: string, last: string): string {
  if (first === last) return shortDate(first);
  const from = first.slice(0, 7) === last.slice(0, 7) ? `${Number(first.slice(8, 10))}` : shortDate(first);
  return `${from} to ${shortDate(last)}`;
}

/** How long something took, in the two largest units: `1 hour 25 minutes`. */
export function duration(from: string, to: string): string {
  const minutes = Math.round((Date.parse(to) - Date.parse(from)) / 60_000);
  if (minutes < 1) return 'less than a minute';
  const parts: [number, string][] = [
    [Math.floor(minutes / 1440), 'day'],
    [Math.floor(minutes / 60) % 24, 'hour'],
    [minutes % 60, 'minute'],
  ];
  const first = parts.findIndex(([n]) => n > 0);
  return parts
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, noun]) => count(n, noun))
    .join(' ');
}

/** The days (UTC) that end with `last`, newest first. */
export function lastDays(last: string, days: number): string[] {
  const end = Date.parse(last.slice(0, 10));
  return Array.from({ length: days }, (_, i) => new Date(end - i * dayMs).toISOString().slice(0, 10));
}
