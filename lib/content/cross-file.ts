import { fileStart, problem } from '../policy/rules.ts';
import type { Component } from '../schema/component.ts';
import { ComponentId } from '../schema/identifier.ts';
import type { Incident } from '../schema/incident.ts';
import type { Position, Problem } from '../schema/problem.ts';
import type { SourceFile } from './content.ts';
import { nearest } from './nearest.ts';
import type { Records } from './records.ts';
import { readSourceText } from './source-text.ts';

/** What is wrong between files: ids and names that stand twice, and components that nobody describes. */
export function crossFileProblems(
  files: readonly SourceFile[],
  { components, incidents, sketches }: Records,
  unread: readonly string[],
): Problem[] {
  // A component whose file cannot be read has its own problem; incidents may still name it.
  const paths = pathsOf(files, unread);
  const known = new Set(componentIdsOf(paths));
  return [
    ...duplicateIds(paths.toSorted().reverse()),
    ...duplicateNames(components.toSorted((a, b) => (a.file < b.file ? -1 : 1))),
    ...[...incidents, ...sketches.incidents].flatMap((incident) => unknownComponents(incident, known, files)),
  ];
}

/** Every file of a content root, those among them that could not be read. */
export function pathsOf(files: readonly SourceFile[], unread: readonly string[]): string[] {
  return [...files.map(({ path }) => path), ...unread];
}

/** The components that have a file, readable or not. */
export function componentIdsOf(paths: readonly string[]): string[] {
  return paths.flatMap((path) => /^components\/(.*)\.yml$/.exec(path)?.[1] ?? []);
}

function duplicateIds(paths: readonly string[]): Problem[] {
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const path of paths) {
    const folded = path.normalize('NFC').toLowerCase();
    const first = seen.get(folded);
    if (first === undefined) {
      seen.set(folded, path);
      continue;
    }
    const message = `The file has the same id as ${first}, but for upper and lower case.`;
    problems.push(problem('duplicate-id', path, fileStart, message, 'Delete one of the two, or give it another id.'));
  }
  return problems;
}

function duplicateNames(components: readonly Component[]): Problem[] {
  const seen = new Map<string, Component>();
  const problems: Problem[] = [];
  for (const component of components) {
    const key = `${component.group ?? ''}\n${component.name}`.normalize('NFC').toLowerCase();
    const first = seen.get(key);
    if (first === undefined) seen.set(key, component);
    else problems.push(sameName(component, first));
  }
  return problems;
}

function sameName(component: Component, first: Component): Problem {
  const at = component.positions.get('name') ?? fileStart;
  const message = `The component has the same name as ${first.file}, in the same group.`;
  return problem('duplicate-name', component.file, at, message, 'Give the two names that a visitor can tell apart.');
}

type Named = Pick<Incident, 'file' | 'positions' | 'updates'>;

function unknownComponents(incident: Named, known: ReadonlySet<string>, files: readonly SourceFile[]): Problem[] {
  const problems: Problem[] = [];
  const report = (id: string, at: Position) => {
    const like = nearest(id, [...known]);
    const fix = like === undefined ? `Add components/${id}.yml, or name one that exists.` : `Did you mean \`${like}\`?`;
    problems.push(problem('unknown-component', incident.file, at, `There is no component \`${id}\`.`, fix));
  };
  for (const [key, at] of incident.positions) {
    const id = /^components\.([^.]+)$/.exec(key)?.[1];
    if (id !== undefined && ComponentId.safeParse(id).success && !known.has(id)) report(id, at);
  }
  const strangers = incident.updates.filter(({ components }) => [...components.keys()].some((id) => !known.has(id)));
  const lines = strangers.length === 0 ? [] : linesOf(incident.file, files);
  for (const { components, position } of strangers) {
    const columns = pairColumns(lines[position.line - 1] ?? '');
    for (const id of components.keys()) {
      if (!known.has(id)) report(id, { line: position.line, column: columns.get(id) ?? position.column });
    }
  }
  return problems;
}

function linesOf(path: string, files: readonly SourceFile[]): string[] {
  const file = files.find((one) => one.path === path);
  return file === undefined ? [] : (readSourceText(file).text ?? '').split('\n');
}

/** Where the pair of each component stands in the heading of an update. */
function pairColumns(heading: string): ReadonlyMap<string, number> {
  return new Map([...heading.matchAll(/(?<=\s)([^\s=]+)=/g)].map((match) => [match[1] ?? '', match.index + 1]));
}
