import { join } from 'node:path';
import { madeContentNow, writeContent } from './gen-content.ts';
import { type Measure, measure, median, table } from './measure.ts';
import { plainProject } from './plain-astro.ts';

/** What one round measured: the same incidents, one after the other on the same machine. */
interface Round {
  readonly plain: Measure;
  readonly cold: Measure;
  readonly warm: Measure;
  readonly newFolder: Measure;
}

/** The whole build beside plain Astro; `folder` must lie where Astro is found. Returns what to print. */
export async function benchBuild(folder: string, sizes: readonly number[], rounds: number): Promise<string> {
  const measured: { incidents: number; rounds: Round[] }[] = [];
  for (const incidents of sizes) {
    const root = join(folder, `content-${incidents}`);
    writeContent(root, { incidents, seed: 7 });
    const results: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      results.push(await oneRound(join(folder, `round-${incidents}-${round}`), root));
    }
    measured.push({ incidents, rounds: results });
  }
  const rows = measured.flatMap(({ incidents, rounds: results }) => rowsOf(incidents, results));
  return table([['build', 'seconds', 'CPU s', 'peak MB', 'of plain Astro'], ...rows]) + growth(measured);
}

/** `candor check` of many incidents. Returns what to print. */
export async function benchCheck(folder: string, incidents: number, rounds: number): Promise<string> {
  const root = join(folder, `content-${incidents}`);
  writeContent(root, { incidents, seed: 7 });
  const candor = join(import.meta.dirname, '..', 'scripts', 'candor.ts');
  const results: Measure[] = [];
  for (let round = 0; round < rounds; round++) {
    results.push(await measure([candor, 'check', '--root', root, '--now', madeContentNow]));
  }
  return table([
    ['check', 'seconds', 'CPU s', 'peak MB'],
    [count(incidents), ...figures(results)],
  ]);
}

/** Every build has a folder of its own, and none is deleted before the end: file systems are slow for minutes after that. */
async function oneRound(folder: string, root: string): Promise<Round> {
  const build = (out: string) =>
    measure([join(import.meta.dirname, 'build-once.ts'), root, join(folder, out), join(folder, 'cache')]);
  return {
    plain: await measure(plainProject(join(folder, 'plain'), root)),
    cold: await build('out'),
    warm: await build('out'),
    newFolder: await build('new'),
  };
}

function rowsOf(incidents: number, rounds: readonly Round[]): string[][] {
  const ratio = (which: keyof Round) =>
    median(rounds.map((round) => round[which].seconds / round.plain.seconds)).toFixed(2);
  const row = (label: string, which: keyof Round) => [
    `${label}, ${count(incidents)}`,
    ...figures(rounds.map((round) => round[which])),
    ratio(which),
  ];
  return [
    row('plain Astro', 'plain'),
    row('cold', 'cold'),
    row('warm', 'warm'),
    row('warm, to a new folder', 'newFolder'),
  ];
}

function growth(measured: readonly { incidents: number; rounds: readonly Round[] }[]): string {
  const [small, large] = measured;
  if (small === undefined || large === undefined) return '';
  const cold = (rounds: readonly Round[]) => median(rounds.map((round) => round.cold.seconds));
  const times = (cold(large.rounds) / cold(small.rounds)).toFixed(1);
  return `${count(large.incidents)} cold took ${times} times as long as ${count(small.incidents)}.\n`;
}

function figures(results: readonly Measure[]): string[] {
  return [
    median(results.map(({ seconds }) => seconds)).toFixed(1),
    known(
      results.flatMap(({ cpuSeconds }) => cpuSeconds ?? []),
      1,
    ),
    known(
      results.flatMap(({ peakMb }) => peakMb ?? []),
      0,
    ),
  ];
}

function known(values: readonly number[], digits: number): string {
  return values.length === 0 ? 'unknown' : median(values).toFixed(digits);
}

function count(incidents: number): string {
  return `${incidents.toLocaleString('en')} incidents`;
}
