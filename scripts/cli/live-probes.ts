import { isDeepStrictEqual } from 'node:util';
import pc from 'picocolors';
import { readContentRoot } from '../../lib/adapters/content-folder.ts';
import { type DemoServices, startDemoServices } from '../../lib/adapters/demo-services.ts';
import { isBucket } from '../../lib/adapters/state/open-state.ts';
import { configPath, readConfigFile } from '../../lib/content/config-file.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import { loopProbes } from '../pipeline/probe-loop.ts';
import type { ProbeRunReport } from '../pipeline/probe-run.ts';
import { pruneState } from '../pipeline/prune-state.ts';
import type { Context } from './context.ts';
import { changeLine } from './probe-report.ts';
import { reportError } from './report-error.ts';
import { problemsText } from './report-problems.ts';
import { stateStoreOf } from './state-store.ts';

/** What is to be asked how often, and who wants to hear of it. */
export interface Probing {
  /** How often, where it is not as the settings say. */
  readonly everySeconds: number | undefined;
  /** Whether to ask at all. */
  readonly isWanted: boolean;
  /** After each run. */
  readonly ran: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Ask the probes again and again beside a page that is served, and run the demo services of the settings meanwhile.
 * Resolves once it has begun; `stop` once it has ended.
 */
export async function startProbing(
  context: Context,
  probing: Probing,
): Promise<{ readonly stop: () => Promise<void> }> {
  if (!probing.isWanted || context.isRehearsal) return { stop: async () => {} };
  const demo = await demoOf(context.root);
  const services = await startDemoServices(demo?.services ?? {});
  say(demoLines(services));
  const cutOff = new AbortController();
  const request = {
    root: context.root,
    store: stateStoreOf(context),
    journalFolder: isBucket(context.state) ? undefined : context.state,
    env: context.env,
    clock: context.now,
    signal: cutOff.signal,
    intervalSeconds: probing.everySeconds ?? demo?.interval_seconds,
  };
  const tell = teller(context);
  const loop = loopProbes(request, {
    ran: (report) => {
      tell.ran(report);
      probing.ran();
    },
    prune: () => pruneState(request.store, context.now()),
    failed: tell.failed,
  });
  loop.catch(probing.failed);
  return {
    stop: async () => {
      cutOff.abort();
      await Promise.all([loop, services.close()]);
    },
  };
}

/** What the settings say of demo services, where they can be read. */
async function demoOf(root: string) {
  const { files } = await readContentRoot(root);
  const file = files.find(({ path }) => path === configPath);
  return file === undefined ? undefined : readConfigFile(file).config?.demo;
}

function demoLines({ running, portsTaken }: DemoServices): string[] {
  const width = Math.max(0, ...running.map(({ name }) => name.length));
  return [
    ...(running.length === 0 ? [] : ['Demo services, each with a button that breaks it:']),
    ...running.map(({ name, address }) => `  ${name.padEnd(width)}  ${address}`),
    ...portsTaken.map(
      ({ name, port }) => `The demo service ${name} does not run here: something else listens on port ${port}.`,
    ),
  ];
}

/** Tells the terminal what is new and nothing twice: a loop that goes well is silent. */
function teller({ debug }: Context) {
  const colour = process.stderr.isTTY === true && pc.isColorSupported;
  let problems: readonly Problem[] = [];
  let failure = '';
  return {
    ran: (report: ProbeRunReport) => {
      failure = '';
      say([...report.notes, ...report.changes.map(changeLine)]);
      if (!isDeepStrictEqual(report.problems, problems) && report.problems.length > 0) {
        process.stderr.write(`${problemsText(report.problems, { colour })}\n`);
      }
      problems = report.problems;
    },
    failed: (error: unknown) => {
      const text = reportError(error, { debug, colour });
      if (text !== failure) process.stderr.write(text);
      failure = text;
    },
  };
}

function say(lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
}
