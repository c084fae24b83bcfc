import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { probesInFlight } from '../lib/policy/constants.ts';
import { measure, median, table } from './measure.ts';

const Result = z.object({ wallMs: z.number(), passed: z.int(), medianMs: z.number(), p95Ms: z.number() });
type Result = z.infer<typeof Result> & { readonly seconds: number; readonly peakMb: number };

/** How much probes cost beside a bare loop, how honest their latencies are, and what one that hangs holds up. Returns what to print. */
export async function benchProbes(folder: string, rounds: number): Promise<string> {
  const server = fork(join(import.meta.dirname, 'probe-server.ts'));
  try {
    const [port] = await once(server, 'message');
    // As the command line does it.
    const env = { NODE_COMPILE_CACHE: join(folder, 'compiled') };
    const ask: Ask = (mode, inFlight, ...paths) =>
      asked([mode, `http://127.0.0.1:${port}`, join(folder, 'probes.json'), `${inFlight}`, ...paths], env);
    return [await costs(ask, rounds), await latencies(ask), await hanging(ask)].join('\n');
  } finally {
    server.disconnect();
  }
}

type Ask = (mode: 'candor' | 'undici' | 'kept', inFlight: number, ...paths: string[]) => Promise<Result>;

async function asked(
  args: readonly [string, string, string, ...string[]],
  env: Readonly<Record<string, string>>,
): Promise<Result> {
  const { seconds, peakMb = Number.NaN } = await measure([join(import.meta.dirname, 'probe-once.ts'), ...args], env);
  return { ...Result.parse(JSON.parse(readFileSync(args[2], 'utf8'))), seconds, peakMb };
}

const loops = {
  candor: 'candor',
  undici: 'bare undici, a connection for each',
  kept: 'bare undici, connections kept',
} as const;

/** Whole processes, start-up and loading included, side by side in each round. */
async function costs(ask: Ask, rounds: number): Promise<string> {
  const modes = ['candor', 'undici', 'kept'] as const;
  const rows: string[][] = [];
  for (const path of ['/', '/slow']) {
    const results = modes.map((): Result[] => []);
    for (const mode of modes) await ask(mode, probesInFlight, `${path}=1`);
    for (let round = 0; round < rounds; round += 1) {
      for (const [at, mode] of modes.entries()) results[at]?.push(await ask(mode, probesInFlight, `${path}=1000`));
    }
    for (const [at, mode] of modes.entries()) {
      const own = results[at] ?? [];
      const ratio = median(own.map(({ seconds }, round) => (results[0]?.[round]?.seconds ?? Number.NaN) / seconds));
      const label = `${path === '/' ? 'at once' : '100 ms'}: ${loops[mode]}`;
      const [seconds, peakMb] = [median(own.map((one) => one.seconds)), median(own.map((one) => one.peakMb))];
      rows.push([label, seconds.toFixed(2), ratio.toFixed(2), peakMb.toFixed(0)]);
    }
  }
  return table([[`1,000 http probes, ${probesInFlight} in flight`, 's', 'candor is', 'MB'], ...rows]);
}

async function latencies(ask: Ask): Promise<string> {
  const rows: string[][] = [];
  for (const inFlight of [...new Set([1, 16, probesInFlight, 50, 100, 200])]) {
    const { medianMs, p95Ms } = await ask('candor', inFlight, `/slow=${inFlight === 1 ? 20 : 600}`);
    rows.push([`${inFlight} in flight`, medianMs.toFixed(1), p95Ms.toFixed(1), `${(medianMs - 100).toFixed(1)} %`]);
  }
  return table([['an endpoint of 100 ms is read as', 'median', 'p95', 'error'], ...rows]);
}

async function hanging(ask: Ask): Promise<string> {
  const { wallMs, passed } = await ask('candor', probesInFlight, '/hang=10', '/slow=90');
  const ratio = (wallMs / 2000).toFixed(2);
  return table([
    ['100 probes of which 10 hang', 'passed', 'ms', 'timeouts'],
    ['a timeout of 2,000 ms', `${passed}`, wallMs.toFixed(0), ratio],
  ]);
}
