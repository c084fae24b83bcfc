import type { Incident, Update } from '../schema/incident.ts';
import { formatInstant } from '../schema/instant.ts';
import type { Problem } from '../schema/problem.ts';
import { isRedactionOf } from './change-text.ts';
import { fileStart, problem } from './rules.ts';

/** Where a change ends: its incidents, and the paths of all its files, readable or not. */
export interface ChangeHead {
  readonly incidents: readonly Incident[];
  readonly paths: ReadonlySet<string>;
}

/** What redaction makes of a text: of Markdown, and of a line. */
export interface Redactor {
  readonly markdown: (text: string) => string;
  readonly line: (text: string) => string;
}

/** What a change from `base` to `head` does to what the public has read. Drafts may change in any way. */
export function changeProblems(base: readonly Incident[], head: ChangeHead, redactor: Redactor): Problem[] {
  const now = new Map(head.incidents.map((incident) => [incident.file, incident]));
  return base
    .filter((incident) => incident.published)
    .flatMap((before) => {
      const after = now.get(before.file);
      if (after !== undefined) return incidentProblems(before, after, redactor);
      return head.paths.has(before.file) ? [] : [removed(before)];
    });
}

function removed({ file }: Incident): Problem {
  return problem(
    'published-incident-removed',
    file,
    fileStart,
    'The file of a published incident was deleted or renamed.',
    'Put it back under its name; its address works for ever.',
  );
}

function incidentProblems(before: Incident, after: Incident, redactor: Redactor): Problem[] {
  if (!after.published) return [withdrawn(after)];
  const problems = updateProblems(before, after, redactor);
  return before.updates.at(-1)?.state === 'resolved'
    ? [...problems, ...frontMatterChanges(before, after, redactor)]
    : problems;
}

function withdrawn(after: Incident): Problem {
  return problem(
    'published-incident-withdrawn',
    after.file,
    after.positions.get('published') ?? fileStart,
    'The incident was published and is a draft now.',
    'Write `published: true`; say in a new update what was wrong.',
  );
}

/** Updates are known by their instants, which are all different. */
function updateProblems(before: Incident, after: Incident, redactor: Redactor): Problem[] {
  const known = new Set(before.updates.map(({ at }) => at.getTime()));
  const kept = new Map(after.updates.map((update) => [update.at.getTime(), update]));
  const lastKept = after.updates.findLastIndex(({ at }) => known.has(at.getTime()));
  const problems = before.updates.flatMap((update) => {
    const now = kept.get(update.at.getTime());
    return now === undefined ? [gone(after, update)] : changed(after, update, now, redactor);
  });
  const resolved = before.updates.at(-1)?.state === 'resolved';
  const additions = after.updates.flatMap((update, index) => {
    if (known.has(update.at.getTime())) return [];
    if (index < lastKept) return [inserted(after, update)];
    return resolved ? [resolvedChanged(after, update.position, 'An update was added')] : [];
  });
  return [...problems, ...additions];
}

function gone(after: Incident, update: Update): Problem {
  return problem(
    'published-update-removed',
    after.file,
    fileStart,
    `The published update of ${formatInstant(update.at)} (${update.state}) is gone, or has another instant.`,
    'Put it back as it was; correct it in a new update.',
  );
}

function changed(after: Incident, update: Update, now: Update, redactor: Redactor): Problem[] {
  const what = [
    ...(update.state === now.state ? [] : ['its state']),
    ...(sameEntries(update.components, now.components) ? [] : ['its components']),
    ...(isRedactionOf(now.body, update.body, redactor.markdown) ? [] : ['its text']),
  ];
  if (what.length === 0) return [];
  const message = `The published update of ${formatInstant(update.at)} was changed: ${what.join(', ')}.`;
  const fix = 'Put it back as it was and correct it in a new update; only a redaction may touch it.';
  return [problem('published-update-changed', after.file, now.position, message, fix)];
}

function inserted(after: Incident, update: Update): Problem {
  return problem(
    'published-update-inserted',
    after.file,
    update.position,
    'An update was put before one that is published.',
    'Write it at the end, with the instant at which it is posted.',
  );
}

/** What a resolved incident's front matter may not do: change at all, but for a redaction of its title. */
function frontMatterChanges(before: Incident, after: Incident, redactor: Redactor): Problem[] {
  const fields: Readonly<Record<string, boolean>> = {
    title: isRedactionOf(after.title, before.title, redactor.line),
    impact: after.impact === before.impact,
    components: sameEntries(after.components, before.components),
    started_at: after.startedAt.getTime() === before.startedAt.getTime(),
    resolved_at: after.resolvedAt?.getTime() === before.resolvedAt?.getTime(),
    auto_detected: after.autoDetected === before.autoDetected,
    imported_from: after.importedFrom === before.importedFrom,
  };
  return Object.entries(fields)
    .filter(([, same]) => !same)
    .map(([key]) => resolvedChanged(after, after.positions.get(key) ?? fileStart, `\`${key}\` was changed`));
}

function resolvedChanged(after: Incident, at: { line: number; column: number }, what: string): Problem {
  return problem(
    'resolved-incident-changed',
    after.file,
    at,
    `${what}, and the incident was resolved.`,
    'Put it back as it was; write a new incident for what is new.',
  );
}

function sameEntries<K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
