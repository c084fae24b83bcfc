import { hash } from 'node:crypto';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible';
import { publicGetsPerMinute, subscribePostsPerHour, tokenPostsPerMinute } from '../../policy/constants.ts';
import type { Budget } from './route-table.ts';

/** What is left of a budget. */
export interface Allowance {
  readonly budget: Budget;
  readonly quota: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  /** In how many seconds all of it is there again. */
  readonly resetSeconds: number;
}

/** Whether a request is within its budget; `failed`: nobody can tell now. */
export type LimitVerdict =
  | { readonly kind: 'allowed' | 'exhausted'; readonly allowance: Allowance }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Counts what client addresses do. */
export interface Limits {
  /** For messages: memory, or a server without its password. */
  readonly place: string;
  take(budget: Budget, client: string): Promise<LimitVerdict>;
  close(): void;
}

/** How often, in how many seconds. */
interface Quota {
  readonly quota: number;
  readonly windowSeconds: number;
}

const quotas: Readonly<Record<Budget, Quota>> = {
  read: { quota: publicGetsPerMinute, windowSeconds: 60 },
  pages: { quota: publicGetsPerMinute, windowSeconds: 60 },
  acts: { quota: tokenPostsPerMinute, windowSeconds: 60 },
  subscribe: { quota: subscribePostsPerHour, windowSeconds: 3600 },
  admin: { quota: publicGetsPerMinute, windowSeconds: 60 },
};

/** Limits of one process, which forgets them when it ends. */
export function memoryLimits(now: () => Date): Limits {
  const counterOf = ({ quota, windowSeconds }: Quota) => memoryCounter(quota, { windowMs: windowSeconds * 1000, now });
  return limitsOver('memory', counterOf, nothingToClose);
}

function nothingToClose(): void {
  // Memory needs no closing.
}

/** Limits that several processes share. While the server cannot be asked, every verdict is that it failed. */
export function redisLimits(url: string): Limits {
  const client = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: answerMs,
    commandTimeout: answerMs,
    retryStrategy: (times) => Math.min(times * 200, 5000),
  });
  // Each request that needs the server is told of the failure itself.
  client.on('error', nothingToClose);
  const { host } = new URL(url);
  return limitsOver(
    `Redis at ${host}`,
    ({ quota, windowSeconds }, budget) => {
      const options = { keyPrefix: `candor:${budget}`, points: quota, duration: windowSeconds };
      const limiter = new RateLimiterRedis({ ...options, storeClient: client, rejectIfRedisNotReady: true });
      return { count: async (client) => countOf(await limiter.penalty(client)) };
    },
    () => client.disconnect(),
  );
}

/** A server that takes longer than this to count is as good as none. */
const answerMs = 1000;

/** How often a client did something in its window, and how long that goes on. */
interface Count {
  readonly used: number;
  readonly msLeft: number;
}

interface Counter {
  /** Counts one more for a client. */
  readonly count: (client: string) => Promise<Count>;
}

/** Of a penalty, which counts as `consume` does, and takes what is beyond the quota for no error. */
function countOf({ consumedPoints, msBeforeNext }: RateLimiterRes): Count {
  return { used: consumedPoints, msLeft: msBeforeNext };
}

function limitsOver(place: string, counterOf: (quota: Quota, budget: string) => Counter, close: () => void): Limits {
  const counters = new Map(Object.entries(quotas).map(([budget, quota]) => [budget, counterOf(quota, budget)]));
  return {
    place,
    close,
    take: async (budget, client) => {
      const counter = counters.get(budget);
      if (counter === undefined) throw new Error(`There is no limit for ${budget}.`);
      try {
        return verdictOn(budget, await counter.count(client));
      } catch (error) {
        return { kind: 'failed', error };
      }
    },
  };
}

function verdictOn(budget: Budget, { used, msLeft }: Count): LimitVerdict {
  const { quota, windowSeconds } = quotas[budget];
  const remaining = Math.max(0, quota - used);
  const resetSeconds = Math.max(1, Math.ceil(msLeft / 1000));
  const allowance = { budget, quota, windowSeconds, remaining, resetSeconds };
  return { kind: used > quota ? 'exhausted' : 'allowed', allowance };
}

/** So many clients have a counter of their own. */
const mostClients = 20_000;
/** The clients beyond that share so many counters: they are limited too soon rather than not at all. */
const sharedCounters = 4096;

/** How long a client is counted, the time, and how many clients are counted each by itself. */
export interface Bounds {
  readonly windowMs: number;
  readonly now: () => Date;
  readonly most?: number;
}

/** A counter whose memory is bounded, however many addresses somebody has; `size` is how many it counts. */
export function memoryCounter(
  quota: number,
  { windowMs, now, most = mostClients }: Bounds,
): Counter & { readonly size: () => number } {
  // With a duration it would set a timer for each client. Windows of one length end in the order in which they began.
  const limiter = new RateLimiterMemory({ points: quota, duration: 0 });
  const windowEnds = new Map<string, number>();
  let oldestEnd = Number.POSITIVE_INFINITY;
  const forget = (at: number) => {
    for (const [key, end] of windowEnds) {
      oldestEnd = end;
      if (end > at) return;
      windowEnds.delete(key);
      void limiter.delete(key);
    }
    oldestEnd = Number.POSITIVE_INFINITY;
  };
  return {
    size: () => limiter.dump().storage.length,
    count: async (client) => {
      const at = now().getTime();
      if (at >= oldestEnd) forget(at);
      const key = windowEnds.has(client) || windowEnds.size < most ? client : sharedKey(client);
      const end = windowEnds.get(key) ?? at + windowMs;
      windowEnds.set(key, end);
      oldestEnd = Math.min(oldestEnd, end);
      const { used } = countOf(await limiter.penalty(key));
      return { used, msLeft: end - at };
    },
  };
}

function sharedKey(client: string): string {
  return `shared ${hash('sha256', client, 'buffer').readUInt32BE() % sharedCounters}`;
}
