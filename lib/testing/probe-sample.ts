import { type SampleContext, takeSample } from '../adapters/probes/take-sample.ts';
import { ProbeFile } from '../schema/probe.ts';
import type { Sample } from '../schema/sample.ts';

/** The sample of a probe with these fields, asked from this machine, which may ask itself. */
export function sampleOf(
  fields: Readonly<Record<string, unknown>>,
  changes: Partial<SampleContext> = {},
): Promise<Sample> {
  return takeSample(ProbeFile.parse({ component: 'payments', ...fields }), {
    signal: new AbortController().signal,
    allowPrivate: true,
    monotonicMs: () => performance.now(),
    now: new Date(),
    ...changes,
  });
}

/** The pass of whatever took whatever time. */
export function outcomeOf(sample: Sample): string {
  return sample.kind === 'pass' ? 'pass' : sample.reason;
}
