import type { Sample } from '../../schema/sample.ts';
import { failed } from './error-sample.ts';

/** The sample of an answer that was as expected, after this time: a pass, or too slow for what its file allows. */
export function passed(latencyMs: number, expect: { readonly max_latency_ms?: number | undefined }): Sample {
  const isTooSlow = expect.max_latency_ms !== undefined && latencyMs > expect.max_latency_ms;
  return isTooSlow ? failed('too_slow') : { kind: 'pass', latencyMs };
}
