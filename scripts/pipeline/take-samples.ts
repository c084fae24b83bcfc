import type { SampleContext } from '../../lib/adapters/probes/take-sample.ts';
import type { Connectivity } from '../../lib/schema/run-journal.ts';
import type { Sample } from '../../lib/schema/sample.ts';
import type { Question } from './probe-plan.ts';

/**
 * How many probes are asked at the same time. More would be done sooner and measure wrongly: what waits for this
 * process looks like a slow service.
 */
export const samplesInFlight = 50;

/** What is told while samples are taken. */
export interface Listener {
  /** The probe at that place has its sample. */
  readonly finished: (index: number, sample: Sample) => void;
  readonly checked: (connectivity: Connectivity) => void;
}

/** The samples of all questions, in their order, and whether the connectivity check answered. */
export interface Taken {
  readonly samples: readonly Sample[];
  readonly connectivity: Connectivity;
}

/**
 * Ask all questions, a bounded number at a time. The connectivity check is asked once, beside the others, as soon as one
 * of them fails. What is not finished when the signal is aborted is `cut_off`.
 */
export async function takeSamples(
  questions: readonly Question[],
  { context, check, told }: { context: SampleContext; check: string | undefined; told: Listener },
): Promise<Taken> {
  const samples: Sample[] = [];
  let checking: Promise<Connectivity> | undefined;
  const queue = questions.entries();
  const work = async () => {
    for (const [index, question] of queue) {
      const sample = await sampleOf(question, context);
      samples[index] = sample;
      told.finished(index, sample);
      if (mayBeOurs(sample) && check !== undefined) checking ??= connectivityOf(check, context, told);
    }
  };
  await Promise.all(Array.from({ length: Math.min(samplesInFlight, questions.length) }, work));
  return { samples, connectivity: (await checking) ?? 'unchecked' };
}

async function sampleOf(question: Question, context: SampleContext): Promise<Sample> {
  if (question.asks === undefined) return { kind: 'unmeasured', reason: question.reason };
  if (context.signal.aborted) return { kind: 'unmeasured', reason: 'cut_off' };
  const { takeSample } = await import('../../lib/adapters/probes/take-sample.ts');
  return takeSample(question.asks, context);
}

function mayBeOurs(sample: Sample): boolean {
  return sample.kind === 'fail' || (sample.kind === 'unmeasured' && sample.reason === 'runner_offline');
}

async function connectivityOf(url: string, context: SampleContext, told: Listener): Promise<Connectivity> {
  const { checkConnectivity } = await import('./connectivity.ts');
  const connectivity = await checkConnectivity(url, context);
  told.checked(connectivity);
  return connectivity;
}
