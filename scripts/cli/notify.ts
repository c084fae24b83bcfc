import { setTimeout as rest } from 'node:timers/promises';
import { type RoundEnd, sendWhatIsDue } from '../../lib/subscriptions/fan-out.ts';
import { lookAndOwe, startMailWorker, type WorkerEvent } from '../../lib/subscriptions/mail-worker.ts';
import type { Context } from './context.ts';
import { lookFailure, type MailDesk } from './mail-desk.ts';
import { lookJson, lookText, notifyReport, pausedText, roundJson, tallyLines } from './notify-report.ts';
import { explain, reportError } from './report-error.ts';

/** How long a mail that is on its way when somebody stops may still take, in milliseconds. */
const graceMs = 8000;
/** How often it is asked whether something else is owed: other processes take subscribers. */
const pollEveryMs = 5000;
const pruneEveryMs = 3_600_000;

/** Look, owe and send everything that is due, and tell of it; false where the mail server was of no use. */
export async function notifyOnce(context: Context, desk: MailDesk, signal: AbortSignal): Promise<boolean> {
  const { parts, writesFiles } = desk;
  if (context.format !== 'json') say(desk.notices);
  cutOffAfterGrace(desk, signal);
  const { place: source } = parts.source;
  const looked = await lookAndOwe(parts, signal).catch((error: unknown) => {
    throw lookFailure(error, source);
  });
  // It was read for the first time, so that it cannot be the same as before.
  if (looked === undefined) throw new Error('A page that nobody looked at is unchanged.');
  const { end, tally } = await sendWhatIsDue(parts, looked.facts, signal);
  const { place } = parts.transport;
  const owed = await parts.store.owed();
  const report = { source, outcome: looked.outcome, place, writesFiles, tally, end, owed };
  process.stdout.write(notifyReport(report, context.format));
  return isFine(end);
}

function isFine(end: RoundEnd): boolean {
  return end.kind !== 'paused';
}

/** Look, owe and send until `signal` is aborted. */
export async function watchAndNotify(
  context: Context,
  desk: MailDesk,
  { signal, everySeconds }: { readonly signal: AbortSignal; readonly everySeconds: number },
): Promise<void> {
  const { parts } = desk;
  const tell = (event: WorkerEvent) => {
    if (context.format === 'json') say([JSON.stringify(eventJson(event, desk))]);
    else tellOf(event, context, desk);
  };
  if (context.format !== 'json') {
    say([
      ...desk.notices,
      `Watching ${parts.source.place}; mails go ${desk.writesFiles ? 'to' : 'over'} ${parts.transport.place}.`,
      'Stop with Ctrl-C.',
    ]);
  }
  cutOffAfterGrace(desk, signal);
  const worker = startMailWorker({ ...parts, lookEveryMs: everySeconds * 1000, pollEveryMs, tell });
  const pruning = setInterval(() => {
    parts.store.prune(context.now()).catch((error: unknown) => tell({ kind: 'failed', error, pauseMs: pruneEveryMs }));
  }, pruneEveryMs);
  await aborted(signal);
  clearInterval(pruning);
  await worker.stop();
}

function tellOf(event: WorkerEvent, { debug }: Context, desk: MailDesk): void {
  const { place } = desk.parts.transport;
  if (event.kind === 'looked') say([`${desk.parts.source.place}: ${lookText(event.outcome)}`]);
  else if (event.kind === 'sent') {
    const { end, tally } = event.round;
    say([
      ...tallyLines(tally, { place, writesFiles: desk.writesFiles }),
      ...(end.kind === 'paused' ? [`${pausedText(place, end.reason)} ${again(event.pauseMs ?? 0)}`] : []),
    ]);
  } else {
    const error = lookFailure(event.error, desk.parts.source.place);
    process.stderr.write(reportError(error, { debug, colour: process.stderr.isTTY === true }));
    process.stderr.write(`  ${again(event.pauseMs)}\n`);
  }
}

/** The same for programs, one object for each event. */
function eventJson(event: WorkerEvent, { parts }: MailDesk): object {
  const { source, transport } = parts;
  const pause = (pauseMs?: number) => (pauseMs === undefined ? {} : { pause_seconds: seconds(pauseMs) });
  if (event.kind === 'looked') return { event: 'looked', ...lookJson(source.place, event.outcome) };
  if (event.kind === 'sent')
    return { event: 'sent', ...roundJson(transport.place, event.round), ...pause(event.pauseMs) };
  return { event: 'failed', ...explain(lookFailure(event.error, source.place)), ...pause(event.pauseMs) };
}

function seconds(pauseMs: number): number {
  return Math.max(1, Math.round(pauseMs / 1000));
}

function again(pauseMs: number): string {
  return `It is tried again in ${seconds(pauseMs)} s.`;
}

/** A server that does not answer must not keep somebody waiting who wants to stop. */
function cutOffAfterGrace({ parts }: MailDesk, signal: AbortSignal): void {
  signal.addEventListener('abort', () => {
    void rest(graceMs, undefined, { ref: false }).then(() => parts.transport.close());
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function say(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}
