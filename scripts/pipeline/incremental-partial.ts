import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompiledSite } from '../../lib/adapters/site-compiler.ts';
import { filesBelow } from '../../lib/adapters/tree.ts';
import type { Content } from '../../lib/content/content.ts';
import { inOrderOfHistory } from '../../lib/content/parse-content.ts';
import { renderMarkdown } from '../../lib/content/render-markdown.ts';
import type { RedactionRules } from '../../lib/policy/redaction.ts';
import type { IndexedIncident } from '../../lib/schema/publish.ts';
import { archiveFactsOf } from '../../lib/snapshot/archive-facts.ts';
import { documentsOf, documentText } from '../../lib/snapshot/documents.ts';
import { type Measurements, observationsOf } from '../../lib/snapshot/observations.ts';
import { pagesOf } from '../../lib/snapshot/pages.ts';
import { indexedRecord } from '../../lib/snapshot/partial-index.ts';
import {
  incidentFiles,
  monthFiles,
  type PartialPlan,
  type PresentPage,
  partialPlan,
} from '../../lib/snapshot/partial-plan.ts';
import { fileAt, monthOf } from '../../lib/snapshot/paths.ts';
import { buildPublicModel, type PublicModel } from '../../lib/snapshot/public-model.ts';
import { type ChangedIncidents, readKept } from './incremental-content.ts';
import type { PublishSource } from './publish-source.ts';

/** What a partial build starts from: `content` holds of the incidents only those that changed, drafts among them. */
export interface PartialRequest {
  readonly root: string;
  readonly content: Content;
  readonly changed: ChangedIncidents;
  readonly present: PresentPage;
  readonly site: string;
  readonly redaction: RedactionRules;
  readonly measurements: Measurements;
  readonly now: Date;
  readonly compiled: CompiledSite;
}

/** An edition of which only what changed was made; the rest is what the target has. */
export interface PartialSource extends PublishSource {
  /** How many pages were rendered. */
  readonly rendered: number;
}

/** Renders the pages and the JSON that a change makes necessary, and takes all other files from the target. */
export async function partialSource(request: PartialRequest): Promise<PartialSource> {
  const plan = planOf(request);
  const { pages, made } = await makeFiles(modelOf(request, plan), plan, request.compiled);
  const { clientDir } = request.compiled;
  const assets = await filesBelow(clientDir);
  const hashes = new Map<string, string>();
  for (const path of assets) hashes.set(path, hash('sha256', await readFile(join(clientDir, path))));
  for (const [path, bytes] of made) hashes.set(path, hash('sha256', bytes));
  return {
    site: request.site,
    files: allFiles(request.present, plan, hashes),
    bytes: async (path) => made.get(path) ?? readFile(join(clientDir, path)),
    incidents: plan.incidents,
    rendered: pages,
  };
}

function planOf({ content, changed, present, now }: PartialRequest): PartialPlan {
  return partialPlan({
    before: present,
    kept: changed.kept,
    changed: content.incidents
      .filter((incident) => incident.published)
      .map((incident): IndexedIncident => indexedRecord(incident, changed.blobs.get(incident.file) ?? '')),
    components: content.components.map(({ id }) => id),
    now,
  });
}

/** The public model of the incidents that are needed, which knows of the others how many they are. */
function modelOf({ root, content, redaction, measurements, now }: PartialRequest, plan: PartialPlan): PublicModel {
  const here = new Set(content.incidents.map(({ id }) => id));
  const kept = readKept(
    root,
    [...plan.needed].filter((id) => !here.has(id)),
  );
  const incidents = inOrderOfHistory([...content.incidents.filter(({ published }) => published), ...kept]);
  const bodies = incidents.flatMap(({ updates }) => updates.map(({ body }) => body));
  return buildPublicModel({
    content: { ...content, incidents },
    rendered: new Map(bodies.map((body) => [body, renderMarkdown(body, redaction)])),
    observations: observationsOf(content, measurements, now),
    redaction,
    now,
    archive: archiveFactsOf(plan.incidents),
  });
}

async function makeFiles(
  model: PublicModel,
  plan: PartialPlan,
  { render }: CompiledSite,
): Promise<{ readonly pages: number; readonly made: ReadonlyMap<string, Uint8Array> }> {
  const unwanted = filesLeftOut(model, plan);
  const made = new Map<string, Uint8Array>();
  for (const { path, page } of pagesOf(model)) {
    if (!unwanted.has(fileAt(path))) made.set(fileAt(path), Buffer.from(await render(path, page)));
  }
  const pages = made.size;
  for (const { path, value } of documentsOf(model)) {
    if (!unwanted.has(fileAt(path))) made.set(fileAt(path), Buffer.from(documentText(value)));
  }
  return { pages, made };
}

/** The files that the model is too small for, or that are as they were. */
function filesLeftOut({ history }: PublicModel, plan: PartialPlan): ReadonlySet<string> {
  const months = new Set(history.map((incident) => monthOf(incident.started_at)));
  return new Set([
    ...history.filter(({ id }) => !plan.incidentPages.has(id)).flatMap(({ id }) => incidentFiles(id)),
    ...[...months].filter((month) => !plan.monthPages.has(month)).flatMap(monthFiles),
  ]);
}

/**
 * Every file of the edition with its hash, in the order of the list: what the target has, without what is gone, and what was
 * made. Where the target has more than that, each file is asked whether it belongs.
 */
function allFiles(present: PresentPage, plan: PartialPlan, made: ReadonlyMap<string, string>): Map<string, string> {
  const files = new Map<string, string>();
  for (const [path, { hash }] of present.files) files.set(path, hash);
  const archived = new Set(
    [...plan.incidentPages].flatMap(incidentFiles).concat([...plan.monthPages].flatMap(monthFiles)),
  );
  const others = [...made.keys()].filter((path) => !archived.has(path));
  for (const path of goneFiles(present, plan)) files.delete(path);
  for (const [path, hash] of made) files.set(path, hash);
  if (files.size === others.length + 2 * (plan.incidents.length + plan.months.length)) return files;
  const wanted = new Set([
    ...others,
    ...plan.incidents.flatMap(({ id }) => incidentFiles(id)),
    ...plan.months.flatMap(monthFiles),
  ]);
  return new Map([...files].filter(([path]) => wanted.has(path)));
}

function goneFiles({ incidents }: PresentPage, plan: PartialPlan): string[] {
  const [ids, months] = [new Set(plan.incidents.map(({ id }) => id)), new Set(plan.months)];
  const gone = incidents.filter(({ id }) => !ids.has(id));
  const emptied = new Set(incidents.map(({ started_at }) => monthOf(started_at)).filter((month) => !months.has(month)));
  return [...gone.flatMap(({ id }) => incidentFiles(id)), ...[...emptied].flatMap(monthFiles)];
}
