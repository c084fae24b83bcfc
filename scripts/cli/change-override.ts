import { clearOverride, setOverride } from '../../lib/content/write-component.ts';
import { minOverrideReasonLength, suggestedOverrideHours } from '../../lib/policy/constants.ts';
import type { Component } from '../../lib/schema/component.ts';
import { formatInstant } from '../../lib/schema/instant.ts';
import type { ReportedStatus } from '../../lib/schema/status.ts';
import { type Ask, askerFor } from './ask.ts';
import { UsageError } from './errors.ts';
import { statusChoices, toSecond } from './incident-input.ts';
import { commandLine } from './incident-report.ts';
import { parseDuration } from './option-values.ts';
import { componentOf, save, type Workspace } from './workspace.ts';

/** What the command line says of an override; `for` in milliseconds. */
export interface OverrideOptions {
  readonly component: string | undefined;
  readonly status?: ReportedStatus;
  readonly reason?: string;
  readonly for?: number;
  readonly until?: Date;
}

/** `override set`: pin a status from now on, for an hour where nothing else is said. */
export async function setOverrideOf(
  workspace: Workspace,
  options: OverrideOptions,
  asker: Ask | undefined,
): Promise<void> {
  const { context, redactor } = workspace;
  const ask = askerFor(asker, {
    COMPONENT: options.component,
    '--status': options.status,
    '--reason': options.reason,
  });
  const component = await pick(workspace, options.component, ask, workspace.components);
  const status = options.status ?? (await ask.choose('What does the page show?', statusChoices, 'under_maintenance'));
  const written = options.reason ?? (await askReason(ask));
  const reason = redactor.line('reason', written);
  const setAt = toSecond(context.now());
  const expiresAt = options.until ?? new Date(setAt.getTime() + (options.for ?? (await askDuration(ask, asker))));
  await save(workspace, component.file, (present) => {
    return setOverride(existing(component, present), { status, reason, setAt, expiresAt });
  });
  print(workspace, { file: component.file, status, reason, expires_at: formatInstant(expiresAt) }, [
    `Wrote ${component.file}`,
    '',
    `  ${component.name}: ${status.replaceAll('_', ' ')} until ${clockTime(expiresAt)} UTC`,
    `  ${reason}`,
    '',
    `When it is over earlier: ${commandLine(workspace, `override clear ${component.id}`)}`,
  ]);
}

/** `override clear`: show again what is known. */
export async function clearOverrideOf(
  workspace: Workspace,
  id: string | undefined,
  asker: Ask | undefined,
): Promise<void> {
  const pinned = workspace.components.filter((component) => component.override !== undefined);
  if (id === undefined && pinned.length === 0)
    throw new UsageError('No component has an override.', 'So there is nothing to clear.');
  const ask = askerFor(asker, { COMPONENT: id ?? (pinned.length === 1 ? pinned[0]?.id : undefined) });
  const component = await pick(workspace, id, ask, pinned);
  if (component.override === undefined) {
    print(workspace, { file: component.file }, [`${component.name} has no override.`]);
    return;
  }
  await save(workspace, component.file, (present) => clearOverride(existing(component, present)));
  print(workspace, { file: component.file }, [
    `Wrote ${component.file}`,
    '',
    `  ${component.name} shows again what is known of it.`,
  ]);
}

async function pick(
  workspace: Workspace,
  id: string | undefined,
  ask: Ask,
  candidates: readonly Component[],
): Promise<Component> {
  if (id !== undefined) return componentOf(workspace, id);
  const [only, ...others] = candidates;
  if (only === undefined) throw new UsageError('There is no component yet.', 'Write one: components/payments.yml');
  if (others.length === 0) return only;
  const choices = candidates.map((component) => ({ value: component.id, label: component.name }));
  return componentOf(workspace, await ask.choose('Which component?', choices));
}

function askReason(ask: Ask): Promise<string> {
  return ask.text({
    message: 'Why? The public reads this.',
    placeholder: 'Planned upgrade of the card terminals',
    check: (answer) =>
      answer.trim().length < minOverrideReasonLength
        ? `Write at least ${minOverrideReasonLength} characters.`
        : undefined,
  });
}

async function askDuration(ask: Ask, asker: Ask | undefined): Promise<number> {
  const suggested = `${suggestedOverrideHours}h`;
  if (asker === undefined) return parseDuration(suggested);
  const answer = await ask.text({ message: 'For how long?', initial: suggested, check: durationFault });
  return parseDuration(answer);
}

function durationFault(answer: string): string | undefined {
  try {
    parseDuration(answer);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function existing(component: Component, present: string | undefined): string {
  if (present !== undefined) return present;
  throw new UsageError(`${component.file} is gone.`, 'Somebody removed it in the meantime.');
}

function print({ context }: Workspace, json: Readonly<Record<string, string>>, lines: readonly string[]): void {
  process.stdout.write(context.format === 'json' ? `${JSON.stringify(json)}\n` : `${lines.join('\n')}\n`);
}

function clockTime(at: Date): string {
  return formatInstant(at).slice(0, 16).replace('T', ' ');
}
