import { isDeepStrictEqual } from 'node:util';
import pc from 'picocolors';
import type { Problem } from '../../lib/schema/problem.ts';
import type { Context } from './context.ts';
import type { Rebuilt } from './live-page.ts';
import { reportError } from './report-error.ts';
import { problemsText } from './report-problems.ts';

/** Tells the terminal how the builds of a live page go. */
export interface LiveReporter {
  /** The reason of the build at the start. */
  readonly firstTime: string;
  /** The reason of a build because time went by; nothing is said of it where nothing new was found. */
  readonly clockTick: string;
  /** Run one build and say what came of it; never fails. */
  readonly build: (reasons: readonly string[], rebuild: () => Promise<Rebuilt>) => Promise<void>;
  /** Say that something else went wrong. */
  readonly failure: (error: unknown) => void;
}

const firstTime = 'the start';
const clockTick = 'the clock';

/** Reports what went well to standard output, and what is wrong to standard error. */
export function liveReporter(
  context: Context,
  server: { readonly origin: string; readonly base: () => string },
): LiveReporter {
  const colour = process.stderr.isTTY === true && pc.isColorSupported;
  let known: readonly Problem[] = [];
  let shown = false;

  const failure = (error: unknown) => {
    process.stderr.write(reportError(error, { debug: context.debug, colour }));
  };
  const tell = (reasons: readonly string[], { built, pages, problems, tookMs }: Rebuilt) => {
    const nothingNew = reasons.every((reason) => reason === clockTick) && isDeepStrictEqual(problems, known);
    known = problems;
    if (nothingNew) return;
    if (problems.length > 0) process.stderr.write(`${problemsText(problems, { colour })}\n`);
    const because = reasonText(reasons);
    if (built) say(`Built ${count(pages, 'page')} in ${(tookMs / 1000).toFixed(1)} s${because}.`);
    else
      say(`Not built${because}: ${shown ? 'the last good page stays.' : `no page is shown at ${server.origin} yet.`}`);
    if (built && !shown) say(`The page is at ${server.origin}${server.base()}`, 'Stop with Ctrl-C.');
    shown ||= built;
  };
  return {
    firstTime,
    clockTick,
    build: async (reasons, rebuild) => {
      if (reasons.includes(firstTime)) say(`Building the page of ${context.root} …`);
      try {
        tell(reasons, await rebuild());
      } catch (error) {
        failure(error);
      }
    },
    failure,
  };
}

function reasonText(reasons: readonly string[]): string {
  const [first, ...others] = reasons.filter((reason) => reason !== firstTime && reason !== clockTick);
  if (first === undefined) return '';
  return others.length === 0 ? ` after a change of ${first}` : ` after changes of ${first} and ${others.length} more`;
}

function count(number: number, word: string): string {
  return `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;
}

function say(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
