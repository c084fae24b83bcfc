import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { median, table } from './measure.ts';

const Measured = z.strictObject({
  firstMs: z.number(),
  firstPlainMs: z.number(),
  ms: z.number(),
  plainMs: z.number(),
  results: z.number(),
  probesBytes: z.number(),
  uptimeBytes: z.number(),
});

/**
 * One run folded into a full state of 100 probes: read, validated, folded, derived and written as text, beside plain JSON
 * of the same texts; in a new process, as a scheduled run is, and in one that has done it before. Returns what to print.
 */
export function benchFold(rounds: number): string {
  const script = join(import.meta.dirname, 'fold-once.ts');
  const all = Array.from({ length: rounds }, () =>
    Measured.parse(JSON.parse(execFileSync(process.execPath, [script], { encoding: 'utf8' }))),
  );
  const of = (key: keyof z.infer<typeof Measured>) => median(all.map((measured) => measured[key]));
  const row = (label: string, fold: number, plain: number) => [
    label,
    fold.toFixed(0),
    plain.toFixed(0),
    (fold / plain).toFixed(1),
  ];
  const times = table([
    ['fold one run of 100 probes', 'ms', 'plain JSON ms', 'ratio'],
    row('in a new process', of('firstMs'), of('firstPlainMs')),
    row('again', of('ms'), of('plainMs')),
  ]);
  const sizes = `${of('results')} raw results: ${mb(of('probesBytes'))}; buckets of 90 days: ${mb(of('uptimeBytes'))}\n`;
  return times + sizes;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
