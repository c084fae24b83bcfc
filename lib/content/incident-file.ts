import { z } from 'zod';
import { fileStart, problem } from '../policy/rules.ts';
import { IncidentId } from '../schema/identifier.ts';
import { type Incident, IncidentFrontMatter, type Update } from '../schema/incident.ts';
import type { Position, Problem } from '../schema/problem.ts';
import type { SourceFile } from './content.ts';
import { splitFrontMatter } from './front-matter.ts';
import { readSourceText } from './source-text.ts';
import { readUpdates, type StrayText, type UpdatesResult } from './updates.ts';
import { readYaml, type YamlResult } from './yaml-file.ts';

/** What reading one incident's file came to: the incident where it could be built, and every problem of the file alone. */
export interface IncidentResult {
  readonly incident: Incident | undefined;
  /** What could be read of it where it could not be built. */
  readonly sketch: IncidentSketch | undefined;
  readonly problems: readonly Problem[];
}

/** What is known of an incident whose file has problems, so that its other problems are found as well. */
export interface IncidentSketch extends Pick<Incident, 'file' | 'positions' | 'updates'> {
  readonly title: string | undefined;
  readonly imported: boolean;
  /** Whether every update could be read. */
  readonly complete: boolean;
  readonly strays: readonly StrayText[];
}

/** Read `incidents/<id>.md`. */
export function readIncidentFile(source: SourceFile): IncidentResult {
  const file = source.path;
  const id = IncidentId.safeParse(file.slice('incidents/'.length, -'.md'.length));
  const { text, problems: textProblems } = readSourceText(source);
  const outer = [...(id.success ? [] : [badName(file)]), ...textProblems];
  if (text === undefined) return { incident: undefined, sketch: undefined, problems: outer };
  const split = splitFrontMatter(text, file);
  if ('rule' in split) return { incident: undefined, sketch: undefined, problems: [...outer, split] };
  const front = readYaml(split.yaml, { file, linesBefore: 1 }, IncidentFrontMatter);
  const body = readUpdates(split.body, { file, linesBefore: split.linesBefore });
  const problems = [...outer, ...front.problems, ...body.problems];
  if (id.success && front.value !== undefined && body.complete) {
    const incident = incidentOf(id.data, file, front.value, body.updates, front.keys);
    return { incident, sketch: undefined, problems };
  }
  return { incident: undefined, sketch: sketchOf(file, front, body), problems };
}

function incidentOf(
  id: string,
  file: string,
  front: IncidentFrontMatter,
  updates: readonly Update[],
  positions: ReadonlyMap<string, Position>,
): Incident {
  return {
    id,
    file,
    title: front.title,
    published: front.published,
    impact: front.impact,
    components: new Map(Object.entries(front.components)),
    state: front.state,
    startedAt: new Date(front.started_at),
    resolvedAt: front.resolved_at === undefined ? undefined : new Date(front.resolved_at),
    autoDetected: front.auto_detected,
    importedFrom: front.imported_from,
    updates,
    positions,
  };
}

function sketchOf(file: string, front: YamlResult<IncidentFrontMatter>, body: UpdatesResult): IncidentSketch {
  const { updates, complete, strays } = body;
  const title = Titled.safeParse(front.data).data?.title;
  const isList = Listed.safeParse(front.data).success;
  const positions = new Map([...front.keys].filter(([key]) => !isList || !key.startsWith('components.')));
  return { file, positions, updates, title, imported: front.keys.has('imported_from'), complete, strays };
}

const Titled = z.object({ title: z.string() });
const Listed = z.object({ components: z.array(z.unknown()) });

function badName(file: string): Problem {
  return problem(
    'file-name',
    file,
    fileStart,
    'The file name is no incident id.',
    'Name it YYYY-MM-DD-words.md: an existing date, then lower-case letters and digits joined by single hyphens, at most 120 characters.',
  );
}
