import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { subscribePostsPerHour } from '../lib/policy/constants.ts';
import { type Case, cases, postOfKnown } from './endpoint-cases.ts';
import { asked, flood, loaded, type Mode, type Round, type Server, start } from './endpoint-load.ts';
import { median, table } from './measure.ts';

/**
 * The endpoint under 64 connections: what it refuses beside bare node:http, what passes beside the same templates behind
 * Astro alone, and its memory over `many` requests. Returns what to print.
 */
export async function benchEndpoint(
  folder: string,
  { requests, rounds, many }: { readonly requests: number; readonly rounds: number; readonly many: number },
): Promise<string> {
  const place = join(folder, 'endpoint');
  const logFile = join(folder, 'endpoint.log');
  const log = openSync(logFile, 'w');
  const started = await Promise.all(
    (['node', 'astro', 'memory', 'file'] as const).map(async (mode) => [mode, await start(mode, place, log)] as const),
  );
  closeSync(log);
  const servers = new Map<Mode, Server>(started);
  try {
    const rows: string[][] = [];
    await exhaust(serverOf(servers, 'memory'));
    // Servers run for weeks: neither is measured before its compilers are done with what all requests have in common.
    await loaded(serverOf(servers, 'node'), requests * 3, 200, () => postOfKnown);
    await loaded(serverOf(servers, 'memory'), requests * 3, 429, () => postOfKnown);
    for (const one of cases) rows.push(...(await compared(servers, one, { requests, rounds })));
    return `${table([columns, ...rows])}${await memory(serverOf(servers, 'memory'), many)}`;
  } finally {
    await Promise.all(started.map(([, { close }]) => close()));
    rmSync(logFile);
  }
}

const columns = ['64 connections', 'a second', 'p50 ms', 'p99 ms', 'CPU us each', 'ratio', 'ratio by CPU'];
const baselines: Readonly<Record<string, string>> = { node: 'node:http alone', astro: 'the route of Astro alone' };

function serverOf(servers: ReadonlyMap<Mode, Server>, mode: Mode): Server {
  const server = servers.get(mode);
  if (server === undefined) throw new Error(`No server for ${mode} was started.`);
  return server;
}

/** Use up what the known client may do. */
async function exhaust(server: Server): Promise<void> {
  for (let number = 0; number < subscribePostsPerHour; number++) await asked(server.pool, postOfKnown);
}

async function compared(
  servers: ReadonlyMap<Mode, Server>,
  { name, beside, over, status, request }: Case,
  { requests, rounds }: { readonly requests: number; readonly rounds: number },
): Promise<string[][]> {
  const bare = serverOf(servers, beside);
  const ours = serverOf(servers, over);
  const load = (server: Server, expected: number) =>
    loaded(server, requests, expected, (client) => request(client, server.tokens));
  // The first is for the compilers of both.
  await load(bare, 200);
  await load(ours, status);
  const bareRounds: Round[] = [];
  const ourRounds: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    bareRounds.push(await load(bare, 200));
    ourRounds.push(await load(ours, status));
  }
  const ratio = median(ourRounds.map((one, at) => one.perSecond / (bareRounds[at]?.perSecond ?? Number.NaN)));
  const byWork = median(ourRounds.map((one, at) => (bareRounds[at]?.cpuMicros ?? Number.NaN) / one.cpuMicros));
  return [
    [name, ...cells(ourRounds), ratio.toFixed(2), byWork.toFixed(2)],
    [`  ${baselines[beside]}`, ...cells(bareRounds), '', ''],
  ];
}

function cells(rounds: readonly Round[]): string[] {
  const middle = (of: keyof Round) => median(rounds.map((one) => one[of]));
  return [
    middle('perSecond').toFixed(0),
    middle('p50Ms').toFixed(1),
    middle('p99Ms').toFixed(1),
    middle('cpuMicros').toFixed(0),
  ];
}

const steps = 5;

/** What the endpoint holds while a flood of everything goes over it: mostly refused, as limits are used up. */
async function memory(server: Server, many: number): Promise<string> {
  const rows = [['memory of the endpoint, MB', 'in use', 'of the process']];
  const kinds = cases
    .filter(({ over, name }) => over === 'memory' && !name.includes('subscribe'))
    .map(({ request }) => request);
  for (let step = 0; step <= steps; step++) {
    if (step > 0) await flood(server, many / steps, kinds);
    const { heapMb, rssMb } = await server.used();
    rows.push([`after ${((many / steps) * step).toLocaleString('en')} requests`, heapMb.toFixed(1), rssMb.toFixed(0)]);
  }
  return table(rows);
}
