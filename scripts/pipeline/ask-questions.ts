import type { AskContext } from '../../lib/adapters/probes/ask.ts';
import type { Connectivity } from '../../lib/schema/run-journal.ts';
import type { Sample } from '../../lib/schema/sample.ts';
import type { Question } from './probe-plan.ts';

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
 * Ask all questions. The connectivity check is asked once, beside the others, as soon as one of them fails. What is not
 * finished when the signal is aborted is `cut_off`.
 */
export async function askQuestions(
  questions: readonly Question[],
  { context, check, told }: { context: AskContext; check: string | undefined; told: Listener },
): Promise<Taken> {
  const samples: Sample[] = [];
  let checking: Promise<Connectivity> | undefined;
  const finished = (index: number, sample: Sample) => {
    samples[index] = sample;
    told.finished(index, sample);
    if (mayBeOurs(sample) && check !== undefined) checking ??= connectivityOf(check, context, told);
  };
  const asked = questions.flatMap((question, index) => {
    if (question.asks !== undefined) return [{ asks: question.asks, index }];
    finished(index, { kind: 'unmeasured', reason: question.reason });
    return [];
  });
  if (asked.length > 0) {
    if (check !== undefined) await loadConnectivity();
    const { takeSamples } = await import('../../lib/adapters/probes/take-samples.ts');
    await takeSamples(asked, context, ({ index }, sample) => finished(index, sample));
  }
  return { samples, connectivity: (await checking) ?? 'unchecked' };
}

function mayBeOurs(sample: Sample): boolean {
  return sample.kind === 'fail' || (sample.kind === 'unmeasured' && sample.reason === 'runner_offline');
}

/** Loaded before the first question, for loading would slow the answers that are awaited meanwhile. */
async function loadConnectivity() {
  const { checkConnectivity, loadCheck } = await import('./connectivity.ts');
  await loadCheck();
  return checkConnectivity;
}

async function connectivityOf(url: string, context: AskContext, told: Listener): Promise<Connectivity> {
  const checkConnectivity = await loadConnectivity();
  const connectivity = await checkConnectivity(url, context);
  told.checked(connectivity);
  return connectivity;
}
