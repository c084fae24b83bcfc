import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Pool } from 'undici';
import { z } from 'zod';

const Tokens = z.object({ confirm: z.string(), leave: z.string() });
const Started = z.object({ origin: z.string(), tokens: Tokens });
const Used = z.object({ cpuSeconds: z.number(), heapMb: z.number(), rssMb: z.number() });

export type Tokens = z.infer<typeof Tokens>;

/** What a server is; `endpoint-server.ts` says what each means. */
export type Mode = 'node' | 'astro' | 'memory' | 'file';

/** So many connections, each with one request at a time. */
const connections = 64;

/** A server in a process of its own, and its clients. */
export interface Server {
  readonly pool: Pool;
  /** One would confirm a subscription, the other end it. */
  readonly tokens: Tokens;
  /** The work of its process so far, and the memory after a collection. */
  readonly used: () => Promise<z.infer<typeof Used>>;
  readonly close: () => Promise<void>;
}

/** A request as it is sent. */
export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How many requests went. */
export interface Round {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicros: number;
}

/** Start a server; `folder` is where it keeps subscribers, `log` the open file that its log goes to. */
export async function start(mode: Mode, folder: string, log: number): Promise<Server> {
  const child = fork(join(import.meta.dirname, 'endpoint-server.ts'), [mode, folder], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', log, 'inherit', 'ipc'],
  });
  const { origin, tokens } = Started.parse(await told(child));
  const pool = new Pool(origin, { connections, pipelining: 1 });
  return {
    pool,
    tokens,
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

/** No two requests of a run come from one client. */
let clients = 0;

/** So many requests, each answered with the status `expected`; `request` makes each for a new client. */
export async function loaded(
  server: Server,
  count: number,
  expected: number,
  request: (client: number) => Asked,
): Promise<Round> {
  const before = await server.used();
  const times: number[] = [];
  const began = performance.now();
  await together(count, async () => {
    const sentAt = performance.now();
    const status = await asked(server.pool, request(clients++));
    times.push(performance.now() - sentAt);
    if (status !== expected) throw new Error(`The answer is ${status} and not ${expected}.`);
  });
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

/** So many requests of all `kinds` in turn, whatever is answered; each from a new client. */
export async function flood(
  server: Server,
  count: number,
  kinds: readonly ((client: number, tokens: Tokens) => Asked)[],
): Promise<void> {
  await together(count, async (left) => {
    const kind = kinds[left % kinds.length];
    if (kind !== undefined) await asked(server.pool, kind(clients++, server.tokens));
  });
}

async function together(count: number, act: (left: number) => Promise<void>): Promise<void> {
  let left = count;
  const asker = async () => {
    while (left > 0) {
      left -= 1;
      await act(left);
    }
  };
  await Promise.all(Array.from({ length: connections }, asker));
}

/** The status of an answer that was read to its end; as little work as undici lets it be. */
export function asked(pool: Pool, request: Asked): Promise<number> {
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
