import { text as readAll } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import type { Impact, IncidentState } from '../../lib/schema/status.ts';
import { ReportedStatus } from '../../lib/schema/status.ts';
import type { Ask, Choice } from './ask.ts';
import { UsageError } from './errors.ts';
import type { ComponentStatuses } from './option-values.ts';
import type { Redactor } from './redactor.ts';
import type { Workspace } from './workspace.ts';

/** Something that an answer must have. */
export function notEmpty(answer: string): string | undefined {
  return answer.trim() === '' ? 'Write something.' : undefined;
}

/** How each impact is explained to whoever chooses one. */
export const impactChoices: readonly Choice<Impact>[] = [
  { value: 'none', label: 'none', hint: 'merchants notice nothing' },
  { value: 'minor', label: 'minor', hint: 'slower or awkward, and work goes on' },
  { value: 'major', label: 'major', hint: 'something important fails for some' },
  { value: 'critical', label: 'critical', hint: 'something important fails for most' },
];

/** How each state is explained to whoever chooses one. */
export const stateHints: Readonly<Record<IncidentState, string>> = {
  investigating: 'the cause is not known yet',
  identified: 'the cause is known',
  monitoring: 'a remedy is in place and being watched',
  resolved: 'it is over',
};

/** The statuses as choices. */
export const statusChoices: readonly Choice<ReportedStatus>[] = ReportedStatus.options.map((value) => ({
  value,
  label: value.replaceAll('_', ' '),
}));

/** Which components are affected, and how. */
export async function askComponents(ask: Ask, workspace: Workspace, message: string): Promise<ComponentStatuses> {
  const ids = await ask.chooseSome(
    message,
    workspace.components.map(({ id, name }) => ({ value: id, label: name })),
  );
  const statuses = new Map<string, ReportedStatus>();
  for (const id of ids) {
    const name = workspace.components.find((component) => component.id === id)?.name ?? id;
    statuses.set(id, await ask.choose(`How is ${name}?`, statusChoices, 'partial_outage'));
  }
  return statuses;
}

/** The message of an update, as given, from standard input where it is `-`, or asked for; without what must not be public. */
export async function messageFrom(given: string | undefined, ask: Ask, redactor: Redactor): Promise<string> {
  const written =
    given === '-'
      ? await readAll(process.stdin)
      : (given ?? (await ask.lines({ message: 'What do you tell merchants?', check: notEmpty })));
  if (written.trim() === '')
    throw new UsageError('The message is empty.', 'Say what merchants notice and what is done.');
  return redactor.markdown('message', written.replaceAll('\r\n', '\n').trim());
}

/**
 * Now, to the second, and after `last`: updates need an instant each, so the second after the newest one is waited for.
 * With a fixed `--now` it is that instant, whatever the newest is; the check says what is wrong with it.
 */
export async function instantAfter(last: Date, now: () => Date): Promise<Date> {
  let at = now();
  while (toSecond(at) <= last && last.getTime() - at.getTime() < 1000) {
    await setTimeout(20);
    const later = now();
    if (later.getTime() === at.getTime()) break;
    at = later;
  }
  return toSecond(at);
}

/** An instant without its fraction of a second. */
export function toSecond(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1000) * 1000);
}
