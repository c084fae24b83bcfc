import { problem } from '../../lib/policy/rules.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import type { Sample } from '../../lib/schema/sample.ts';
import type { ProbePlan } from './probe-plan.ts';

/** The problems of probes whose target turned out, once its name was resolved, to be an address that may not be asked. */
export function forbiddenTargets({ questions, config }: ProbePlan, samples: readonly Sample[]): Problem[] {
  return questions.flatMap(({ file, targetAt }, index) => {
    const sample = samples[index];
    if (sample?.kind !== 'unmeasured' || sample.reason !== 'forbidden_address') return [];
    const message = 'The target leads to an address that probes may not ask.';
    return config.allow_private_targets
      ? [problem('forbidden-target', file, targetAt, message, 'Name another target: this one is never asked.')]
      : [problem('private-target', file, targetAt, message, privateFix)];
  });
}

const privateFix =
  'Where it is meant to be in a private network, write `allow_private_targets: true` into status.config.yml. ' +
  "Link-local addresses and a cloud's metadata are never asked.";
