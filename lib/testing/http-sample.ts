import { expect } from 'vitest';
import type { AskContext } from '../adapters/probes/ask.ts';
import { takeSample } from '../adapters/probes/take-sample.ts';
import { HttpProbeFile } from '../schema/probes/http.ts';
import type { FailReason, Sample, UnmeasuredReason } from '../schema/sample.ts';

/** A passed sample, whatever its latency. */
export const passes: Sample = { kind: 'pass', latencyMs: expect.any(Number) };

/** A failed sample. */
export function fails(reason: FailReason): Sample {
  return { kind: 'fail', reason };
}

/** A sample that could not be taken. */
export function unmeasured(reason: UnmeasuredReason): Sample {
  return { kind: 'unmeasured', reason };
}

/** One sample of an address, taken as a run takes it; `asks` are further keys of the probe's file. */
export function httpSample(url: string, asks: object = {}, context: Partial<AskContext> = {}): Promise<Sample> {
  return takeSample(HttpProbeFile.parse({ component: 'payments', kind: 'http', url, timeout_ms: 5000, ...asks }), {
    signal: new AbortController().signal,
    allowPrivate: true,
    monotonicMs: () => performance.now(),
    now: new Date(),
    ...context,
  });
}
