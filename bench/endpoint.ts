import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'undici';
import { z } from 'zod';
import { subscribePostsPerHour } from '../lib/policy/constants.ts';
import { median, table } from './measure.ts';

const Started = z.object({ origin: z.string(), token: z.string() });
const Used = z.object({ cpuSeconds: z.number(), heapMb: z.number(), rssMb: z.number() });

type Mode = 'node' | 'astro' | 'memory' | 'file';

/** So many connections, each with one request at a time. */
const connections = 64;

interface Server {
  readonly pool: Pool;
  readonly token: string;
  readonly used: () => Promise<z.infer<typeof Used>>;
  readonly close: () => Promise<void>;
}

interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Case {
  readonly name: string;
  readonly beside: Mode;
  readonly over: Mode;
  readonly status: number;
  readonly request: (number: number, token: string) => Asked;
}

interface Round {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicros: number;
}

const subscribe = '/api/v1/status/subscribe';
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const json = { 'content-type': 'application/json' };

/** Each request of a client that nobody has seen before, behind a proxy. */
function from(number: number): { 'x-forwarded-for': string } {
  return { 'x-forwarded-for': `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}` };
}
const known = { 'x-forwarded-for': '192.0.2.1' };

const post = (headers: Asked['headers'], body: string): Asked => ({ method: 'POST', path: subscribe, headers, body });
const formOf = (number: number) => post({ ...form, ...from(number) }, `email=reader${number}%40example.com&_hp=`);
const jsonOf = (number: number) =>
  post({ ...json, ...from(number) }, `{"email":"reader${number}@example.com","components":["payments"]}`);

const refused = { beside: 'node', over: 'memory' } as const;
const passed = { beside: 'astro', over: 'memory', status: 200 } as const;
const cases: readonly Case[] = [
  {
    ...refused,
    name: 'over the limit',
    status: 429,
    request: () => post({ ...form, ...known }, 'email=a%40b.example'),
  },
  { ...refused, name: 'too large', status: 413, request: (n) => post({ ...form, ...from(n) }, 'a'.repeat(9000)) },
  {
    ...refused,
    name: 'wrong method',
    status: 405,
    request: (n) => ({ method: 'PUT', path: subscribe, headers: from(n) }),
  },
  { ...refused, name: 'malformed', status: 400, request: (n) => post({ ...json, ...from(n) }, '{"email":') },
  {
    ...refused,
    name: 'unknown path',
    status: 404,
    request: (n) => ({ method: 'GET', path: '/api/v1/nothing', headers: from(n) }),
  },
  { ...passed, name: 'subscribe, form', request: formOf },
  { ...passed, name: 'subscribe, JSON', request: jsonOf },
  {
    ...passed,
    name: 'confirm page',
    request: (n, token) => ({ method: 'GET', path: `/api/v1/status/confirm/${token}`, headers: from(n) }),
  },
  { ...passed, name: 'subscribe, form, into a file', over: 'file', request: formOf },
];

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

async function start(mode: Mode, folder: string, log: number): Promise<Server> {
  const child = fork(join(import.meta.dirname, 'endpoint-server.ts'), [mode, folder], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', log, 'inherit', 'ipc'],
  });
  const { origin, token } = Started.parse(await told(child));
  const pool = new Pool(origin, { connections, pipelining: 1 });
  return {
    pool,
    token,
    used: async () => {
      child.send('used');
      return Used.parse(await told(child));
    },
    close: async () => {
      await pool.destroy();
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function told(child: ChildProcess): Promise<unknown> {
  const given = new AbortController();
  const ended = once(child, 'exit', { signal: given.signal }).then(([code]) => {
    throw new Error(`A server of the measure ended with ${code}.`);
  });
  try {
    const [said] = await Promise.race([once(child, 'message', { signal: given.signal }), ended]);
    return said;
  } finally {
    given.abort();
    await Promise.allSettled([ended]);
  }
}

/** Use up what the known client may do. */
async function exhaust(server: Server): Promise<void> {
  for (let number = 0; number < subscribePostsPerHour; number++) {
    await asked(server.pool, post({ ...form, ...known }, 'email='));
  }
}

/** No two requests of a run come from one client. */
let clients = 0;

async function compared(
  servers: ReadonlyMap<Mode, Server>,
  { name, beside, over, status, request }: Case,
  { requests, rounds }: { readonly requests: number; readonly rounds: number },
): Promise<string[][]> {
  const bare = serverOf(servers, beside);
  const ours = serverOf(servers, over);
  const load = (server: Server, expected: number) =>
    loaded(server, requests, expected, () => request(clients++, server.token));
  // The first is for the compilers of both.
  await load(bare, 200);
  await load(ours, status);
  const bareRounds: Round[] = [];
  const ourRounds: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    bareRounds.push(await load(bare, 200));
    ourRounds.push(await load(ours, status));
  }
  const middle = (some: readonly Round[], of: keyof Round) => median(some.map((one) => one[of]));
  const cells = (some: readonly Round[]) => [
    middle(some, 'perSecond').toFixed(0),
    middle(some, 'p50Ms').toFixed(1),
    middle(some, 'p99Ms').toFixed(1),
    middle(some, 'cpuMicros').toFixed(0),
  ];
  const ratio = median(ourRounds.map((one, at) => one.perSecond / (bareRounds[at]?.perSecond ?? Number.NaN)));
  const byWork = median(ourRounds.map((one, at) => (bareRounds[at]?.cpuMicros ?? Number.NaN) / one.cpuMicros));
  return [
    [name, ...cells(ourRounds), ratio.toFixed(2), byWork.toFixed(2)],
    [`  ${baselines[beside]}`, ...cells(bareRounds), '', ''],
  ];
}

async function loaded(server: Server, count: number, expected: number, request: () => Asked): Promise<Round> {
  const before = await server.used();
  const times: number[] = [];
  let left = count;
  const asker = async () => {
    while (left > 0) {
      left -= 1;
      const began = performance.now();
      const status = await asked(server.pool, request());
      times.push(performance.now() - began);
      if (status !== expected) throw new Error(`The answer is ${status} and not ${expected}.`);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, asker));
  const seconds = (performance.now() - began) / 1000;
  const { cpuSeconds } = await server.used();
  const sorted = times.toSorted((a, b) => a - b);
  return {
    perSecond: count / seconds,
    p50Ms: sorted[Math.floor(count * 0.5)] ?? Number.NaN,
    p99Ms: sorted[Math.floor(count * 0.99)] ?? Number.NaN,
    cpuMicros: ((cpuSeconds - before.cpuSeconds) / count) * 1e6,
  };
}

/** The status of an answer that was read to its end; as little work as undici lets it be. */
function asked(pool: Pool, request: Asked): Promise<number> {
  return new Promise((resolve, reject) => {
    let status = 0;
    pool.dispatch(request, {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, code) => {
        status = code;
      },
      onResponseData: () => undefined,
      onResponseEnd: () => resolve(status),
      onResponseError: (_controller, error) => reject(error),
    });
  });
}

/** What the endpoint holds while a flood of everything goes over it: mostly refused, as limits are used up. */
async function memory(server: Server, many: number): Promise<string> {
  const rows = [['memory of the endpoint, MB', 'in use', 'of the process']];
  const kinds = cases.filter(({ over, name }) => over === 'memory' && !name.startsWith('subscribe'));
  const steps = 5;
  for (let step = 0; step <= steps; step++) {
    if (step > 0) await flood(server, kinds, many / steps);
    const { heapMb, rssMb } = await server.used();
    rows.push([`after ${((many / steps) * step).toLocaleString('en')} requests`, heapMb.toFixed(1), rssMb.toFixed(0)]);
  }
  return table(rows);
}

async function flood(server: Server, kinds: readonly Case[], count: number): Promise<void> {
  let left = count;
  const asker = async () => {
    while (left > 0) {
      const kind = kinds[left % kinds.length];
      left -= 1;
      if (kind !== undefined) await asked(server.pool, kind.request(clients++, server.token));
    }
  };
  await Promise.all(Array.from({ length: connections }, asker));
}
