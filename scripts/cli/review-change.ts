import { type ContentRoot, readLeftFiles } from '../../lib/adapters/content-folder.ts';
import { checkContent } from '../../lib/content/check-content.ts';
import type { Content, SourceFile } from '../../lib/content/content.ts';
import { parseContent, sorted } from '../../lib/content/parse-content.ts';
import { redactionRulesOf } from '../../lib/content/redaction-problems.ts';
import { redactionSuggestions } from '../../lib/content/redaction-suggestions.ts';
import { renderMarkdown } from '../../lib/content/render-markdown.ts';
import { mayBeOpen } from '../../lib/content/resolved-mark.ts';
import { sameBytes } from '../../lib/content/unaffected.ts';
import type { RedactionRules } from '../../lib/policy/redaction.ts';
import { stopsPage } from '../../lib/policy/rules.ts';
import type { SubscriberCounts } from '../../lib/schema/subscriber-counts.ts';
import { noObservations } from '../../lib/snapshot/observations.ts';
import { buildPublicModel, type PublicModel } from '../../lib/snapshot/public-model.ts';
import { reviewOf } from '../../lib/snapshot/review.ts';
import type { ReviewFacts } from '../../lib/snapshot/review-report.ts';
import { readChange } from './content-change.ts';
import type { Context } from './context.ts';
import { redactNamesOf } from './redact-names.ts';
import { kindNames } from './redaction-rules.ts';

/** What a reviewer should know of the change from `base` to what lies in the root. */
export async function reviewChange(
  context: Context,
  base: string,
  subscribers: SubscriberCounts | undefined,
): Promise<ReviewFacts> {
  const names = redactNamesOf(context.env);
  const now = context.now();
  const { head, base: before = [], odd } = await readChange(context.root, base);
  const unread = [...head.problems.map(({ file }) => file), ...head.left];
  const checked = checkContent(head.files, { now, base: before, redactNames: names, unread });
  const problems = sorted([...head.problems, ...odd, ...checked.problems]);
  const open = openAndLeft(context.root, head);
  const isStopped = checked.content === undefined || problems.some(stopsPage);
  const after = isStopped ? undefined : contentAt([...head.files, ...open], now);
  const was = contentAt([...before, ...open], now);
  return {
    problems,
    review:
      after === undefined
        ? undefined
        : reviewOf(modelOf(was ?? emptyPage(after), names, now), modelOf(after, names, now)),
    redactions: redactionSuggestions(
      changedFiles(before, head.files),
      redactionRulesOf({ config: checked.content?.config }, names),
    ),
    drafts: after === undefined ? [] : newDrafts(after, before, head.files),
    subscribers,
    knowsNames: names.length > 0,
    kindNames,
  };
}

/** Incidents that the change leaves alone and that say how components are now: on both sides of it. */
function openAndLeft(root: string, { left }: ContentRoot): readonly SourceFile[] {
  return readLeftFiles(root, left).files.filter(mayBeOpen);
}

function contentAt(files: readonly SourceFile[], now: Date): Content | undefined {
  return parseContent(files, { now }).content;
}

/** The page before there was one. */
function emptyPage(after: Content): Content {
  return { ...after, components: [], incidents: [], probes: [], brokenProbes: [] };
}

function modelOf(content: Content, names: readonly string[], now: Date): PublicModel {
  const redaction = redactionRulesOf(content, names);
  return buildPublicModel({
    content,
    rendered: renderedOf(content, redaction),
    observations: noObservations,
    redaction,
    now,
  });
}

function renderedOf({ incidents }: Content, redaction: RedactionRules) {
  const bodies = incidents
    .filter(({ published }) => published)
    .flatMap(({ updates }) => updates.map(({ body }) => body));
  return new Map(bodies.map((body) => [body, renderMarkdown(body, redaction)]));
}

function changedFiles(before: readonly SourceFile[], after: readonly SourceFile[]): SourceFile[] {
  const was = new Map(before.map(({ path, bytes }) => [path, bytes]));
  return after.filter(({ path, bytes }) => !sameBytes(bytes, was.get(path)));
}

function newDrafts(content: Content, before: readonly SourceFile[], after: readonly SourceFile[]): string[] {
  const changed = new Set(changedFiles(before, after).map(({ path }) => path));
  return content.incidents.filter(({ published, file }) => !published && changed.has(file)).map(({ id }) => id);
}
