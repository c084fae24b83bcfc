import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** One kind of event with payloads that GitHub really sent. */
export interface RecordedEvents {
  readonly name: string;
  readonly examples: readonly (Readonly<Record<string, unknown>> & { readonly action?: string })[];
}

/** Every recorded event, as a new copy. Read as data: a compiler that infers its type needs minutes. */
export function recordedEvents(): readonly RecordedEvents[] {
  const file = createRequire(import.meta.url).resolve('@octokit/webhooks-examples/api.github.com/index.json');
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** A recorded event about a pull request of `Codertocat/Hello-World`. */
export interface RecordedPullEvent {
  readonly action: string;
  readonly pull_request: Readonly<Record<string, unknown>> & { readonly head: { readonly sha: string } };
}

/** The first recorded event of this name and action that is about a pull request. */
export function recordedPullEvent(name: string, action: string): RecordedPullEvent {
  const found = recordedEvents()
    .find((one) => one.name === name)
    ?.examples.find((one) => one.action === action);
  if (found === undefined) throw new Error(`There is no recorded ${name} ${action}.`);
  return found as unknown as RecordedPullEvent;
}
