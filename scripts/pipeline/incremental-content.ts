import { readContentRoot, readLeftFiles } from '../../lib/adapters/content-folder.ts';
import { Failure } from '../../lib/adapters/failure.ts';
import { blobIdOf, incidentBlobs } from '../../lib/adapters/git-blobs.ts';
import type { SourceFile } from '../../lib/content/content.ts';
import { readIncidentFile } from '../../lib/content/incident-file.ts';
import type { Incident } from '../../lib/schema/incident.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import type { IndexedIncident } from '../../lib/schema/publish.ts';
import { incidentFiles, type PresentPage } from '../../lib/snapshot/partial-plan.ts';

/** A content root of which no incident has been read yet. */
export interface ListedContent {
  readonly root: string;
  /** All files but those of incidents. */
  readonly files: readonly SourceFile[];
  readonly problems: readonly Problem[];
  /** Paths of the incidents. */
  readonly incidents: readonly string[];
  /** What git calls the content of incidents, as far as it is known unread, before anything was read. */
  readonly blobs: ReadonlyMap<string, string>;
}

/** Reads everything but incidents. */
export async function listContent(root: string): Promise<ListedContent> {
  const asked = incidentBlobs(root);
  const { files, problems, left } = await readContentRoot(root, (path) => !isIncident(path));
  // What is no plain file (a link) is never left unread; it is read again with the others.
  const linked = files.map(({ path }) => path).filter(isIncident);
  return {
    root,
    files: files.filter(({ path }) => !isIncident(path)),
    problems,
    incidents: [...left, ...linked],
    blobs: await asked,
  };
}

function isIncident(path: string): boolean {
  return path.startsWith('incidents/');
}

/** The incidents that are not as they were published, and those that are. */
export interface ChangedIncidents {
  readonly files: readonly SourceFile[];
  readonly problems: readonly Problem[];
  /** What git calls each of `files`. */
  readonly blobs: ReadonlyMap<string, string>;
  /** Published, the same and whole in the target; unread, unless git could not tell. */
  readonly kept: readonly IndexedIncident[];
}

/** Reads the incidents that are not as `present` says. */
export function readChanged(
  { root, incidents, blobs: known }: ListedContent,
  { incidents: indexed, files: published }: PresentPage,
): ChangedIncidents {
  const whole = indexed.filter(({ id }) => incidentFiles(id).every((file) => published.has(file)));
  const entries = new Map(whole.map((entry) => [pathOf(entry.id), entry]));
  const isKept = (path: string, blob: string | undefined) => blob !== undefined && entries.get(path)?.blob === blob;
  const read = readLeftFiles(
    root,
    incidents.filter((path) => !isKept(path, known.get(path))),
  );
  const blobs = new Map(read.files.map(({ path, bytes }) => [path, known.get(path) ?? blobIdOf(bytes)]));
  const files = read.files.filter(({ path }) => !isKept(path, blobs.get(path)));
  const others = new Set([...files, ...read.problems.map(({ file }) => ({ path: file }))].map(({ path }) => path));
  const present = new Set(incidents);
  const kept = [...entries].flatMap(([path, entry]) => (present.has(path) && !others.has(path) ? [entry] : []));
  return { files, problems: read.problems, blobs, kept };
}

/** What git calls the content of all incidents, read where git does not know. */
export function allBlobs({ root, incidents, blobs: known }: ListedContent): ReadonlyMap<string, string> {
  const { files } = readLeftFiles(
    root,
    incidents.filter((path) => !known.has(path)),
  );
  return new Map([...known, ...files.map(({ path, bytes }) => [path, blobIdOf(bytes)] as const)]);
}

/** The records of incidents that were published already, for the lists that they stand in. */
export function readKept(root: string, ids: readonly string[]): Incident[] {
  return ids.map((id) => {
    const [file] = readLeftFiles(root, [pathOf(id)]).files;
    const incident = file === undefined ? undefined : readIncidentFile(file).incident;
    if (incident !== undefined) return incident;
    throw new Failure(`${pathOf(id)} changed while the page was built.`, { fix: 'Publish again.' });
  });
}

/** The file of an incident. */
export function pathOf(id: string): string {
  return `incidents/${id}.md`;
}
