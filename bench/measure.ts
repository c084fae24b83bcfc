import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

/**
 * How long a program took, how much work that was for all cores together, and the most memory that it and its children
 * held at one time; work and memory are unknown where there is no /proc.
 */
export interface Measure {
  readonly seconds: number;
  readonly cpuSeconds: number | undefined;
  readonly peakMb: number | undefined;
  /** What it printed. */
  readonly output: string;
}

/** Runs a program of Node to its end, with more in its environment; throws where it does not end well. */
export async function measure(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Measure> {
  const began = performance.now();
  const child = spawn(process.execPath, [...args], {
    env: { PATH: process.env['PATH'], ASTRO_TELEMETRY_DISABLED: '1', CI: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let peak: number | undefined;
  let cpuSeconds: number | undefined;
  const watch = setInterval(() => {
    const now = memoryOf(child.pid);
    if (now !== undefined) peak = Math.max(peak ?? 0, now);
    cpuSeconds = workOf(child.pid) ?? cpuSeconds;
  }, 25);
  const [output, complaint, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  clearInterval(watch);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}.\n${complaint}`);
  const peakMb = peak === undefined ? undefined : peak / 1e6;
  return { seconds: (performance.now() - began) / 1000, cpuSeconds, peakMb, output };
}

/** The value in the middle; of two, the smaller. */
export function median(values: readonly number[]): number {
  const middle = values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
  if (middle === undefined) throw new Error('Nothing was measured.');
  return middle;
}

/** A row of a table: aligned by the widest of each column. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return `${rows.map(line).join('\n')}\n`;
}

const pageBytes = 4096;

/** Bytes that a process and all below it hold now. */
function memoryOf(pid: number | undefined): number | undefined {
  return whileAlive(() => {
    if (pid === undefined) return undefined;
    const own = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageBytes;
    return childrenOf(pid).reduce((sum, child) => sum + (memoryOf(child) ?? 0), own);
  });
}

/** Seconds that all cores together worked for a process and its children that have ended. */
function workOf(pid: number | undefined): number | undefined {
  return whileAlive(() => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;
  });
}

const ticksPerSecond = 100;

/** A process may end at any time, and not every system has /proc. */
function whileAlive(look: () => number | undefined): number | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}
