import { problem } from '../policy/rules.ts';
import { ComponentId } from '../schema/identifier.ts';
import type { Update } from '../schema/incident.ts';
import { InstantText } from '../schema/instant.ts';
import type { Problem } from '../schema/problem.ts';
import { IncidentState, ReportedStatus } from '../schema/status.ts';
import { instantFault, instantFix } from './instant-fault.ts';
import { nearest } from './nearest.ts';
import { quote } from './schema-problems.ts';

/** What the heading of an update says. */
export type UpdateHead = Pick<Update, 'state' | 'at' | 'components'>;

/** Read `## <state> <instant> [component=status ...]`; every problem with its column. */
export function readUpdateHeading(
  text: string,
  file: string,
  line: number,
): { readonly head: UpdateHead | undefined; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const report = (column: number, message: string, fix: string) => {
    problems.push(problem('update-heading', file, { line, column }, message, fix));
    return undefined;
  };
  const [stateWord, instantWord, ...pairWords] = wordsOf(text.slice(2));
  if (stateWord === undefined) {
    report(1, 'The heading is empty.', `Write ${grammar}.`);
    return { head: undefined, problems };
  }
  const state = readState(stateWord, report);
  if (state === undefined && nearest(stateWord.text, IncidentState.options) === undefined) {
    return { head: undefined, problems };
  }
  const at = readInstant(instantWord, text, report);
  const components = readPairs(pairWords, { file, line, problems, report });
  if (problems.length > 0 || state === undefined || at === undefined) return { head: undefined, problems };
  return { head: { state, at, components }, problems };
}

/** Whether a line was likely meant as the heading of an update: number signs, then a state. */
export function looksLikeUpdate(text: string): boolean {
  return /^#+[ \t]*(?:investigating|identified|monitoring|resolved)[ \t]+\d{4}-/.test(text) && !/^##[ \t]/.test(text);
}

const grammar = '`## <state> <instant>`, such as `## investigating 2026-11-20T09:05:00Z`';

interface Word {
  readonly text: string;
  readonly column: number;
}

type Report = (column: number, message: string, fix: string) => undefined;

/** The words of what follows the two number signs; a closing run of number signs is no word. */
function wordsOf(rest: string): Word[] {
  const words = [...rest.matchAll(/[^ \t]+/g)].map((m) => ({ text: m[0], column: m.index + 3 }));
  return /^#+$/.test(words.at(-1)?.text ?? '') ? words.slice(0, -1) : words;
}

function readState(word: Word, report: Report): IncidentState | undefined {
  const state = IncidentState.safeParse(word.text);
  if (state.success) return state.data;
  const like = nearest(word.text, IncidentState.options);
  const states = IncidentState.options.join(', ');
  if (like !== undefined)
    return report(
      word.column,
      `The state is ${quote(word.text)}, which is none of ${states}.`,
      `Did you mean \`${like}\`?`,
    );
  return report(
    word.column,
    'The heading is not that of an update.',
    `Write ${grammar}, with one of ${states}; a heading inside an update is \`### ...\`.`,
  );
}

function readInstant(word: Word | undefined, text: string, report: Report): Date | undefined {
  if (word === undefined) return report(text.trimEnd().length + 1, 'The heading says no instant.', `Write ${grammar}.`);
  const instant = InstantText.safeParse(word.text);
  if (instant.success) return new Date(instant.data);
  return report(word.column, `The instant of the update ${instantFault(word.text)}.`, instantFix);
}

interface PairContext {
  readonly file: string;
  readonly line: number;
  readonly problems: Problem[];
  readonly report: Report;
}

function readPairs(
  words: readonly Word[],
  { file, line, problems, report }: PairContext,
): ReadonlyMap<string, ReportedStatus> {
  const pairs = new Map<string, ReportedStatus>();
  for (const word of words) {
    const equals = word.text.indexOf('=');
    const id = ComponentId.safeParse(word.text.slice(0, Math.max(equals, 0)));
    const statusWord = word.text.slice(equals + 1);
    const status = ReportedStatus.safeParse(statusWord);
    if (!id.success) {
      report(
        word.column,
        'This is no `component=status` pair.',
        'Write pairs such as `payments=degraded_performance` after the instant.',
      );
    } else if (!status.success) {
      const list = ReportedStatus.options.join(', ');
      const like = nearest(statusWord, ReportedStatus.options);
      report(
        word.column + equals + 1,
        `The status is ${quote(statusWord)}, which is none of ${list}.`,
        like === undefined ? `Write one of ${list}.` : `Did you mean \`${like}\`?`,
      );
    } else if (pairs.has(id.data)) {
      const message = `\`${id.data}\` stands in this heading twice.`;
      problems.push(
        problem('repeated-component', file, { line, column: word.column }, message, 'Keep one of the two.'),
      );
    } else {
      pairs.set(id.data, status.data);
    }
  }
  return pairs;
}
