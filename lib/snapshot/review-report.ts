import type { RedactionSuggestion } from '../content/redaction-suggestions.ts';
import type { Problem } from '../schema/problem.ts';
import type { SubscriberCounts } from '../schema/subscriber-counts.ts';
import type { Review, ReviewedIncident } from './review.ts';
import type { ReviewStyle } from './review-style.ts';

/** All that a reviewer is told of a change. */
export interface ReviewFacts {
  readonly problems: readonly Problem[];
  /** `undefined` where the content has errors that let no page be made. */
  readonly review: Review | undefined;
  readonly redactions: readonly RedactionSuggestion[];
  /** Incidents of the change that stay drafts. */
  readonly drafts: readonly string[];
  /** `undefined` where nobody said how many there are. */
  readonly subscribers: SubscriberCounts | undefined;
  /** Whether the names of employees were known. */
  readonly knowsNames: boolean;
  /** How each kind of finding is called. */
  readonly kindNames: Readonly<Record<string, string>>;
}

const most = { incidents: 40, problems: 100, rows: 200, lines: 40, quoted: 20_000 };

/** What a reviewer reads, in the order of what matters: problems, what becomes public, what was redacted. */
export function reviewReport(facts: ReviewFacts, style: ReviewStyle): string {
  const sections = [...problemSection(facts, style), ...publicSection(facts, style), ...redactionSection(facts, style)];
  return `${sections.join('\n\n')}\n`;
}

function problemSection({ problems }: ReviewFacts, { heading, paragraph, words, code, table }: ReviewStyle): string[] {
  if (problems.length === 0) return [heading(2, 'No problem'), paragraph('The content keeps every rule.')];
  const rows = problems
    .slice(0, most.problems)
    .map(({ severity, file, line, message, fix }) => [severity, code(`${file}:${line}`), words(message), words(fix)]);
  return [
    heading(2, count(problems.length, 'problem')),
    table(['', 'where', 'what', 'what to do'], rows),
    ...more(problems.length, most.problems, 'problems', paragraph),
  ];
}

function more(all: number, shown: number, what: string, paragraph: (text: string) => string): string[] {
  return all <= shown ? [] : [paragraph(`And ${(all - shown).toLocaleString('en')} ${what} more.`)];
}

function publicSection(facts: ReviewFacts, given: ReviewStyle): string[] {
  const { heading, paragraph, words, code } = given;
  const { review, drafts } = facts;
  const title = heading(2, 'What becomes public');
  if (review === undefined) {
    return [title, paragraph('Nothing: no page can be made of this. Correct the errors above first.')];
  }
  const { incidents, withdrawn, components, texts } = review;
  const nothing = incidents.length + withdrawn.length + components.length + texts.length === 0;
  return [
    title,
    ...(nothing ? [paragraph('Nothing that the public reads changes.')] : []),
    ...incidents.slice(0, most.incidents).flatMap((incident) => incidentSection(incident, facts, given)),
    ...more(incidents.length, most.incidents, 'incidents', paragraph),
    ...withdrawn.map((id) => paragraph(`${code(id)} can no longer be read.`)),
    ...componentSection(review, given),
    ...textSection(review, given),
    ...(drafts.length === 0
      ? []
      : [paragraph(`Drafts, which nobody but you sees: ${drafts.slice(0, most.rows).map(code).join(', ')}.`)]),
    ...(components.length === 0 && texts.length === 0 && incidents.length === 0 ? [] : [paragraph(words(caution))]),
  ];
}

const caution =
  'Components are shown here as incidents and overrides make them; what probes measure comes on top where it is worse.';

function incidentSection(incident: ReviewedIncident, facts: ReviewFacts, given: ReviewStyle): string[] {
  const { heading, paragraph, words, code, quote } = given;
  const { title, impact, state, isNew, url, updates } = incident;
  return [
    heading(3, title),
    paragraph(
      `${isNew ? 'New to the public' : 'Read by the public before'}; impact ${words(impact)}, ${words(state)}; ${code(url)}`,
    ),
    ...updates.flatMap((update) => [paragraph(`${words(update.state)}, ${code(update.at)}`), quote(shortened(update))]),
    paragraph(due(incident, given)),
    paragraph(mail(incident, facts, given)),
  ];
}

function shortened({ html, text }: { readonly html: string; readonly text: string }) {
  if (html.length <= most.quoted) return { html, text };
  const said = `${text.slice(0, most.quoted)} … (${(text.length - most.quoted).toLocaleString('en')} characters more)`;
  return { html: said.replace(/[&<>]/g, (one) => `&#${one.codePointAt(0)};`), text: said };
}

function due({ nextUpdateDueAt }: ReviewedIncident, { code }: ReviewStyle): string {
  return nextUpdateDueAt === undefined
    ? 'No further update is owed.'
    : `The next update is due at ${code(nextUpdateDueAt)}.`;
}

/** Whose subscribers get mail; how many they are is known to the endpoint alone. */
function mail(
  { tells, updates }: ReviewedIncident,
  { subscribers }: ReviewFacts,
  { words, code }: ReviewStyle,
): string {
  if (tells === undefined || updates.length === 0) return 'Nobody gets mail about this.';
  if (tells.length === 0) return 'It names no component: mail goes to those alone who want news of the whole page.';
  const whom = tells.map(({ id, name }) => {
    const number = subscribers === undefined ? '' : ` (${(subscribers.by_component[id] ?? 0).toLocaleString('en')})`;
    return `${words(name)}${number}`;
  });
  const known =
    subscribers === undefined
      ? 'How many they are is known to the endpoint alone, and not here.'
      : `Of ${count(subscribers.confirmed, 'subscriber')} in all, as counted at ${code(subscribers.generated_at)}.`;
  return `Mail goes to subscribers of ${whom.join(', ')}. ${known}`;
}

function componentSection({ components }: Review, { heading, words, table }: ReviewStyle): string[] {
  if (components.length === 0) return [];
  const shown = (status: string | undefined) => words(status?.replaceAll('_', ' ') ?? 'not on the page');
  const rows = components
    .slice(0, most.rows)
    .map(({ name, before, after }) => [words(name), shown(before), '→', shown(after)]);
  return [heading(3, 'Components'), table(['component', 'before', '', 'after'], rows)];
}

function textSection({ texts }: Review, { heading, words, code, table, paragraph }: ReviewStyle): string[] {
  if (texts.length === 0) return [];
  const said = (text: string | undefined) => (text === undefined ? 'nothing' : words(text));
  const rows = texts
    .slice(0, most.rows)
    .map(({ of, field, before, after }) => [code(`${of}: ${field}`), said(before), '→', said(after)]);
  return [
    heading(3, 'Other words'),
    table(['what', 'before', '', 'after'], rows),
    ...more(texts.length, most.rows, 'texts', paragraph),
  ];
}

function redactionSection(
  facts: ReviewFacts,
  { heading, paragraph, words, code, table, lines }: ReviewStyle,
): string[] {
  const { redactions, kindNames, knowsNames } = facts;
  const unknown = knowsNames ? [] : [paragraph(words(namesUnknown))];
  const title = heading(2, 'What was redacted');
  if (redactions.length === 0) return [title, paragraph('Nothing.'), ...unknown];
  const rows = redactions.flatMap(({ file, found }) =>
    found.map(({ line, kind }) => [code(`${file}:${line}`), words(kindNames[kind] ?? kind)]),
  );
  return [
    title,
    table(['where', 'what'], rows.slice(0, most.rows)),
    ...more(rows.length, most.rows, 'places', paragraph),
    ...redactions
      .slice(0, most.lines)
      .flatMap((redaction) => [
        paragraph(
          `The lines of ${code(redaction.file)} as they may stand; ${code(`candor redact --write ${redaction.file}`)} writes them.`,
        ),
        ...redaction.lines.slice(0, most.lines).flatMap(({ line, text }) => [paragraph(`Line ${line}:`), lines(text)]),
      ]),
    ...unknown,
    paragraph(words(reachedHistory)),
  ];
}

const namesUnknown = 'The names of employees that CANDOR_REDACT_NAMES holds were not known here, as for every fork.';
const reachedHistory =
  'What was pushed is in the history of git already: docs/operate.md says what to do where it was a secret.';

function count(number: number, word: string): string {
  return `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;
}
