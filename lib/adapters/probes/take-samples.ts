import { promisify } from 'node:util';
import { probesInFlight, probesOpen } from '../../policy/constants.ts';
import type { ProbeFile } from '../../schema/probe.ts';
import type { Sample } from '../../schema/sample.ts';
import type { AskContext } from './ask.ts';
import { loadAdapters, takeSample } from './take-sample.ts';

/** How many probes work at once, how many are open in all, and after how long one that is open no longer works but waits. */
export interface SampleLimits {
  readonly inFlight: number;
  readonly open: number;
  readonly waitsAfterMs: number;
}

/** Bounded so that latencies are those of the services and not of this machine; `npm run bench` measures it. */
const defaultLimits: SampleLimits = { inFlight: probesInFlight, open: probesOpen, waitsAfterMs: 1000 };

/**
 * Take a sample of each, in order, so many at a time, and tell each as it comes. One that hangs costs no work, so it soon
 * makes room for the next. Ends when all are told; where the run is cut off, the rest is told as cut off.
 */
export async function takeSamples<P extends { readonly asks: ProbeFile }>(
  probes: readonly P[],
  context: AskContext,
  onSample: (probe: P, sample: Sample) => void,
  limits: SampleLimits = defaultLimits,
): Promise<void> {
  await loadAdapters(probes.map(({ asks }) => asks.kind));
  const [open, working] = [places(limits.open), places(limits.inFlight)];
  const taken: Promise<void>[] = [];
  for (const probe of probes) {
    const close = await open();
    const stopWorking = await working();
    await otherWork();
    const waits = setTimeout(stopWorking, limits.waitsAfterMs);
    const sample = takeSample(probe.asks, context).finally(() => {
      clearTimeout(waits);
      stopWorking();
      close();
    });
    const told = sample.then((one) => onSample(probe, one));
    told.catch(() => undefined); // It is thrown below, once the others have ended.
    taken.push(told);
  }
  await Promise.allSettled(taken);
  await Promise.all(taken);
}

/** One begins in each turn of the event loop: those that began together would wait for each other in their latencies. */
const otherWork = promisify(setImmediate);

/** So many places: take one when it is free, and call what is returned to leave it, once or more often. */
function places(count: number): () => Promise<() => void> {
  let free = count;
  const queue: (() => void)[] = [];
  const leave = () => {
    const next = queue.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => queue.push(resolve));
    let isTaken = true;
    return () => {
      if (isTaken) leave();
      isTaken = false;
    };
  };
}
