import { readContentRoot } from '../../lib/adapters/content-folder.ts';
import { checkContent } from '../../lib/content/check-content.ts';
import type { Content } from '../../lib/content/content.ts';
import { mayReach } from '../../lib/content/recent-incidents.ts';
import { redactionRulesOf } from '../../lib/content/redaction-problems.ts';
import { renderMarkdown } from '../../lib/content/render-markdown.ts';
import { stopsPage } from '../../lib/policy/rules.ts';
import { endOf } from '../../lib/policy/timeline.ts';
import type { Incident } from '../../lib/schema/incident.ts';
import { startOfBars } from '../../lib/snapshot/day-bars.ts';
import { documentText } from '../../lib/snapshot/documents.ts';
import { maxRecentIncidents } from '../../lib/snapshot/limits.ts';
import { observationsOf } from '../../lib/snapshot/observations.ts';
import { buildPublicModel } from '../../lib/snapshot/public-model.ts';
import { ProblemsFound } from '../cli/errors.ts';
import type { BuildRequest } from './build-site.ts';

/** What the snapshot is made of. */
export type SnapshotRequest = Pick<BuildRequest, 'root' | 'now' | 'redactNames' | 'measurements'>;

/**
 * The text of `current.json` as a build would write it, without anything else: of the incidents only those are read that
 * it tells of. Throws `ProblemsFound` where what it is made of is not fit to publish.
 */
export async function snapshotText(request: SnapshotRequest): Promise<string> {
  const { now, redactNames } = request;
  const source = await readContentRoot(request.root);
  const since = startOfBars(now);
  const isWanted = (path: string) => !path.startsWith('incidents/');
  const files = source.files.filter((file) => isWanted(file.path) || mayReach(file, since));
  const read = new Set(files.map(({ path }) => path));
  const left = source.files.map(({ path }) => path).filter((path) => !read.has(path));
  const unread = [...source.problems.map(({ file }) => file), ...left];
  const { content, problems } = checkContent(files, { now, redactNames, unread });
  const stopping = [...source.problems, ...problems].filter(stopsPage);
  if (content === undefined || stopping.length > 0) {
    throw new ProblemsFound('Nothing was published, because the content does not pass the check:', stopping);
  }
  return documentText(modelOf(content, request).snapshot);
}

function modelOf(content: Content, { measurements, redactNames, now }: SnapshotRequest) {
  const redaction = redactionRulesOf(content, redactNames);
  const told = new Set(toldIncidents(content.incidents, now));
  const incidents = content.incidents.map((incident) => (told.has(incident) ? incident : withoutWords(incident)));
  const bodies = new Set(incidents.flatMap(({ updates }) => updates.map(({ body }) => body)));
  const rendered = new Map(Array.from(bodies, (body) => [body, renderMarkdown(body, redaction)]));
  const observations = observationsOf(content, measurements, now);
  return buildPublicModel({ content: { ...content, incidents }, rendered, observations, redaction, now });
}

/** The incidents whose words the snapshot holds: the open ones, and the newest of those that ended lately. */
function toldIncidents(incidents: readonly Incident[], now: Date): Incident[] {
  const published = incidents.filter((incident) => incident.published);
  const ended = published.filter((incident) => {
    const end = endOf(incident);
    return end !== undefined && end >= startOfBars(now);
  });
  return [...published.filter((incident) => endOf(incident) === undefined), ...ended.slice(0, maxRecentIncidents)];
}

/** The others only say what was when. */
function withoutWords(incident: Incident): Incident {
  return { ...incident, updates: incident.updates.map((update) => ({ ...update, body: '' })) };
}
