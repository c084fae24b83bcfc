import { z } from 'zod';
import { checkedQuickly } from './checked-quickly.ts';
import { IncidentId } from './identifier.ts';

/**
 * Which build something comes from. Of two editions the one with the later `committed_at` is newer, of equal ones the one
 * with the later `built_at`. `commit` is what git calls the content's commit, absent outside git; `committed_at` is then
 * `built_at`.
 */
export const Edition = z.strictObject({
  commit: z
    .string()
    .regex(/^[0-9a-f]{40,64}$/)
    .optional(),
  committed_at: z.iso.datetime(),
  built_at: z.iso.datetime(),
});
export type Edition = z.infer<typeof Edition>;

/** SHA-256 in hex of a file's bytes as the public reads them, before any compression. */
const ContentHash = z.string().regex(/^[0-9a-f]{64}$/);

/** One published file: what it holds, and the generation under which the target has it. */
export const PublishedFile = z.strictObject({ hash: ContentHash, generation: z.string().min(1) });
export type PublishedFile = z.infer<typeof PublishedFile>;

/** A file that is no longer part of the page and waits to be deleted: since when. */
export const RetiredFile = z.strictObject({ generation: z.string().min(1), at: z.iso.datetime() });
export type RetiredFile = z.infer<typeof RetiredFile>;

/**
 * Paths that a publish may have written and not yet listed, told before it writes the first of them. `id` is the
 * publish's own, `at` when it said so: it writes nothing more once `publishMinutes` have passed since.
 */
export const PublishClaim = z.strictObject({
  id: z.string().min(1),
  edition: Edition,
  at: z.iso.datetime(),
  paths: z.array(z.string().min(1)),
});
export type PublishClaim = z.infer<typeof PublishClaim>;

/**
 * `.candor/head.json`: the small object on which publishers agree, each write preconditioned on the one before.
 * `files` names the object with the list of all files. `pending`: what publishers that are at work, or were killed, may
 * have written; whoever comes next finds it ours. Only what `files` and `pending` list is ever replaced or deleted.
 */
export const PublishHead = z.strictObject({
  format: z.literal(1),
  /** One more with each publish that ended. */
  sequence: z.int().min(0),
  /** The newest edition that was published as a whole; absent before the first was. */
  edition: Edition.optional(),
  files: z
    .string()
    .regex(/^\.candor\/files-[0-9a-f]{64}\.json$/)
    .optional(),
  pending: z.array(PublishClaim),
});
export type PublishHead = z.infer<typeof PublishHead>;

/** What an incremental build has to know of an incident that did not change: enough to say where it is listed. */
export const IndexedIncident = z.strictObject({
  id: IncidentId,
  /** What git calls the file's content. */
  blob: z.string().regex(/^[0-9a-f]{40,64}$/),
  started_at: z.iso.datetime(),
  /** When its newest update was. */
  updated_at: z.iso.datetime(),
  resolved_at: z.iso.datetime().optional(),
  /** All that it ever named. */
  components: z.array(z.string()),
});
export type IndexedIncident = z.infer<typeof IndexedIncident>;

/**
 * `.candor/files-<sha256>.json`: every published file by its path, what was replaced and waits to be deleted, and the
 * published incidents. `site` stands for templates, configuration and everything else on which all pages depend.
 */
export const PublishedFiles = z.strictObject({
  format: z.literal(1),
  site: z.string(),
  files: checkedQuickly(z.record(z.string(), PublishedFile), isFiles),
  retired: checkedQuickly(z.record(z.string(), RetiredFile), isRetired),
  incidents: checkedQuickly(z.array(IndexedIncident), (value) => Array.isArray(value) && value.every(isIndexed)),
});
export type PublishedFiles = z.infer<typeof PublishedFiles>;

function isFiles(value: unknown): boolean {
  return isFields(value) && Object.values(value).every(isFile);
}

function isFile(value: unknown): boolean {
  if (!isFields(value)) return false;
  for (const name in value) if (name !== 'hash' && name !== 'generation') return false;
  const { hash, generation } = value;
  return isText(hash, /^[0-9a-f]{64}$/) && typeof generation === 'string' && generation !== '';
}

/** As the schema says it, which passes over a path that is called `__proto__`. */
function isRetired(value: unknown): boolean {
  return isFields(value) && Object.values(value).every((one) => RetiredFile.safeParse(one).success);
}

function isIndexed(value: unknown): boolean {
  if (!isFields(value)) return false;
  const { id, blob, started_at, updated_at, resolved_at, components, ...others } = value;
  const ends = !('resolved_at' in value) || isInstant(resolved_at);
  return (
    Object.keys(others).length === 0 &&
    isText(id, /^[\d-]{11}[a-z0-9]+(?:-[a-z0-9]+)*$/) &&
    id.length <= 120 &&
    isInstant(`${id.slice(0, 10)}T00:00:00Z`) &&
    isText(blob, /^[0-9a-f]{40,64}$/) &&
    [started_at, updated_at].every(isInstant) &&
    ends &&
    Array.isArray(components) &&
    components.every((component) => typeof component === 'string')
  );
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}

/** An instant to the second; whether a month has so many days is asked only late in a month. */
function isInstant(value: unknown): boolean {
  if (!isText(value, /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}Z$/))
    return false;
  return value.slice(8, 10) < '29' || new Date(value).toISOString().startsWith(value.slice(0, 10));
}

/** A publish format that is higher than this was written by a newer Candor and is refused. */
export const publishFormat = 1;
