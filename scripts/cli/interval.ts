import { InvalidArgumentError } from 'commander';

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const longestSeconds = 3600;

/** How often probes are asked, in seconds: `30s`, `5m` or `1h`. */
export function parseInterval(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,4})([smh])$/.exec(text) ?? [];
  const seconds = Number(count) * (unitSeconds[unit] ?? 0);
  if (seconds < 1 || seconds > longestSeconds) throw new InvalidArgumentError('Write it as 30s or 5m, up to 1h.');
  return seconds;
}
