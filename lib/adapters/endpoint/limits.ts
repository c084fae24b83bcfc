import { hash } from 'node:crypto';
import { Redis } from 'ioredis';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
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
const quotas: Readonly<Record<Budget, { readonly quota: number; readonly windowSeconds: number }>> = {
  read: { quota: publicGetsPerMinute, windowSeconds: 60 },
  pages: { quota: publicGetsPerMinute, windowSeconds: 60 },
  acts: { quota: tokenPostsPerMinute, windowSeconds: 60 },
  subscribe: { quota: subscribePostsPerHour, windowSeconds: 3600 },
  admin: { quota: publicGetsPerMinute, windowSeconds: 60 },
};

/** Limits of one process, which forgets them when it ends. */
export function memoryLimits(now: () => Date): Limits {
  return limitsOver(
    'memory',
    (options) => boundedLimiter(new RateLimiterMemory(options), { windowMs: options.duration * 1000, now }),
    nothingToClose,
  );
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
    (options) => new RateLimiterRedis({ ...options, storeClient: client, rejectIfRedisNotReady: true }),
    () => client.disconnect(),
  );
}

/** A server that takes longer than this to count is as good as none. */
const answerMs = 1000;

interface LimiterOptions {
  readonly keyPrefix: string;
  readonly points: number;
  readonly duration: number;
}

type Limiter = Pick<RateLimiterAbstract, 'consume'>;

function limitsOver(place: string, limiterOf: (options: LimiterOptions) => Limiter, close: () => void): Limits {
  const limiters = new Map(
    Object.entries(quotas).map(([budget, { quota, windowSeconds }]) => [
      budget,
      limiterOf({ keyPrefix: `candor:${budget}`, points: quota, duration: windowSeconds }),
    ]),
  );
  return {
    place,
    close,
    take: async (budget, client) => {
      const limiter = limiters.get(budget);
      if (limiter === undefined) throw new Error(`There is no limit for ${budget}.`);
      try {
        return { kind: 'allowed', allowance: allowanceOf(budget, await limiter.consume(client)) };
      } catch (error) {
        if (error instanceof RateLimiterRes) return { kind: 'exhausted', allowance: allowanceOf(budget, error) };
        return { kind: 'failed', error };
      }
    },
  };
}

function allowanceOf(budget: Budget, { remainingPoints, msBeforeNext }: RateLimiterRes): Allowance {
  const resetSeconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return { budget, ...quotas[budget], remaining: remainingPoints, resetSeconds };
}

/** So many clients have a counter of their own. */
const mostClients = 20_000;
/** The clients beyond that share so many counters: they are limited too soon rather than not at all. */
const sharedCounters = 4096;
/** What bounds the memory of a limiter: how long it counts what a client does, the time, and how many clients it may know. */
export interface Bounds {
  readonly windowMs: number;
  readonly now: () => Date;
  readonly most?: number;
}

/** A limiter whose memory is bounded, however many addresses somebody has. */
export function boundedLimiter(limiter: Limiter, { windowMs, now, most = mostClients }: Bounds): Limiter {
  // All windows are equally long, so those that end first stand first.
  const windowEnds = new Map<string, number>();
  return {
    consume: (key) => {
      const client = String(key);
      const at = now().getTime();
      for (const [known, end] of windowEnds) {
        if (end > at) break;
        windowEnds.delete(known);
      }
      if (!windowEnds.has(client)) {
        if (windowEnds.size >= most) return limiter.consume(sharedKey(client));
        windowEnds.set(client, at + windowMs);
      }
      return limiter.consume(client);
    },
  };
}

function sharedKey(client: string): string {
  return `shared ${hash('sha256', client, 'buffer').readUInt32BE() % sharedCounters}`;
}
