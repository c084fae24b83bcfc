import { expect, onTestFinished, test } from 'vitest';
import { publicGetsPerMinute, subscribePostsPerHour } from '../../policy/constants.ts';
import { startRedis, whyNot } from '../../testing/real-servers.ts';
import { type Limits, memoryCounter, memoryLimits, redisLimits } from './limits.ts';

async function spend(limits: Limits, budget: 'read' | 'subscribe', client: string, times: number): Promise<string[]> {
  const kinds: string[] = [];
  for (let time = 0; time < times; time += 1) kinds.push((await limits.take(budget, client)).kind);
  return kinds;
}

const allowedThenNot = [...Array.from({ length: subscribePostsPerHour }, () => 'allowed'), 'exhausted'];

test('each client has a budget for each thing, and what is left of it is told', async () => {
  const limits = memoryLimits(() => new Date());
  expect(await spend(limits, 'subscribe', 'a', subscribePostsPerHour + 1)).toEqual(allowedThenNot);
  expect(await limits.take('subscribe', 'b')).toEqual({
    kind: 'allowed',
    allowance: { budget: 'subscribe', quota: 10, windowSeconds: 3600, remaining: 9, resetSeconds: 3600 },
  });
  expect((await spend(limits, 'read', 'a', publicGetsPerMinute + 1)).at(-1)).toBe('exhausted');
});

test('however many addresses somebody has, memory is bounded, and those that come later are limited too', async () => {
  let at = Date.parse('2026-11-20T10:00:00Z');
  const windowMs = 3_600_000;
  const counter = memoryCounter(2, { windowMs, now: () => new Date(at), most: 100 });
  const usedBy = async (client: string) => (await counter.count(client)).used;
  for (let client = 0; client < 20_000; client += 1) await counter.count(`client ${client}`);
  expect(counter.size()).toBeLessThanOrEqual(100 + 4096);
  expect([await usedBy('client 0'), await usedBy('client 0')]).toEqual([2, 3]);
  expect(await usedBy('one more')).toBeGreaterThan(2);

  at += windowMs - 1;
  expect(await counter.count('client 0')).toEqual({ used: 4, msLeft: 1 });
  at += 1;
  expect(await counter.count('one more')).toEqual({ used: 1, msLeft: windowMs });
  expect(counter.size()).toBe(1);
});

const missing = whyNot('redis-server');

test.skipIf(missing)(`two endpoints share the limits of one Redis${missing ? `: ${missing}` : ''}`, async () => {
  const redis = await startRedis();
  const [one, two] = [redisLimits(redis.url), redisLimits(redis.url)];
  onTestFinished(() => {
    one.close();
    two.close();
  });
  const kindOf = async (limits: Limits) => (await limits.take('acts', 'ready')).kind;
  const patience = { timeout: 30_000, interval: 100 };
  expect(one.place).toBe(`Redis at ${redis.host}:${redis.port}`);
  await expect.poll(() => kindOf(one), patience).toBe('allowed');
  await expect.poll(() => kindOf(two), patience).toBe('allowed');
  const kinds = [...(await spend(one, 'subscribe', 'a', 6)), ...(await spend(two, 'subscribe', 'a', 5))];
  expect(kinds).toEqual(allowedThenNot);
  await redis[Symbol.asyncDispose]();
  await expect.poll(() => kindOf(one), patience).toBe('failed');
  await using _again = await startRedis(redis.port);
  await expect.poll(() => kindOf(one), patience).toBe('allowed');
});

test('while Redis cannot be reached, nobody can tell', async () => {
  const limits = redisLimits('redis://:secret@127.0.0.1:1');
  onTestFinished(limits.close);
  expect((await limits.take('subscribe', 'a')).kind).toBe('failed');
  expect(limits.place).not.toContain('secret');
});
