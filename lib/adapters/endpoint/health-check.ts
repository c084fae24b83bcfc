import type { Health } from '../../subscriptions/endpoint-call.ts';

/** What must work, by name; each rejects where it does not. */
export type HealthChecks = Readonly<Record<string, () => Promise<void>>>;

const freshMs = 2000;
const patienceMs = 3000;

/** Whether everything works, asked anew at most every two seconds however often somebody wants to know. */
export function healthCheck(
  checks: HealthChecks,
  { now, failed }: { readonly now: () => Date; readonly failed: (error: unknown) => void },
): () => Promise<Health> {
  let asked: { readonly at: number; readonly health: Promise<Health> } | undefined;
  return () => {
    const at = now().getTime();
    if (asked === undefined || at - asked.at >= freshMs) asked = { at, health: ask(checks, failed) };
    return asked.health;
  };
}

async function ask(checks: HealthChecks, failed: (error: unknown) => void): Promise<Health> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await resultOf(check, failed)] as const),
  );
  return { healthy: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) };
}

async function resultOf(check: () => Promise<void>, failed: (error: unknown) => void): Promise<'ok' | 'failed'> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('There was no answer in time.')), patienceMs);
  try {
    await Promise.race([check(), late]);
    return 'ok';
  } catch (error) {
    failed(error);
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}
