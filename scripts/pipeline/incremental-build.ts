import { baseOf, startCompiler, templatesFingerprint } from '../../lib/adapters/site-compiler.ts';
import { checkContent } from '../../lib/content/check-content.ts';
import type { Content } from '../../lib/content/content.ts';
import { parseContent, sorted } from '../../lib/content/parse-content.ts';
import { redactionRulesOf } from '../../lib/content/redaction-problems.ts';
import type { PublishedList } from '../../lib/policy/published-list.ts';
import { stopsPage } from '../../lib/policy/rules.ts';
import { formatInstant } from '../../lib/schema/instant.ts';
import type { Problem } from '../../lib/schema/problem.ts';
import type { PresentPage } from '../../lib/snapshot/partial-plan.ts';
import { ProblemsFound } from '../cli/errors.ts';
import type { BuildRequest } from './build-site.ts';
import {
  allBlobs,
  type ChangedIncidents,
  type ListedContent,
  listContent,
  readChanged,
} from './incremental-content.ts';
import { hasOwnWords, siteFingerprint } from './incremental-site.ts';
import type { PublishSource } from './publish-source.ts';

/** What to build for publishing. */
export interface IncrementalRequest extends Omit<BuildRequest, 'out'> {
  /** What keeps the words that are redacted from being guessed (`siteFingerprint`); asked for where the page has some. */
  readonly siteKey: () => Promise<string>;
}

/** Why a whole page was built: nothing was published, everything depends on what changed, the clock stepped back, much changed. */
export type WholeReason = 'first' | 'site' | 'clock' | 'many';

/** An edition to publish, and what it took. */
export interface BuiltEdition extends PublishSource {
  /** How many pages were rendered. */
  readonly rendered: number;
  readonly whole: WholeReason | undefined;
  /** What is wrong with the files that were read and does not stop the page. */
  readonly problems: readonly Problem[];
}

/** Makes editions; what they need on disk is gone once it is disposed of. */
export interface IncrementalBuild extends AsyncDisposable {
  /**
   * The edition of the content as it is now, given what is published: only what changed is read, checked and rendered, and the
   * files that did not change are known by their hashes. Throws `ProblemsFound` where the content is not fit to publish.
   */
  readonly make: (published: PublishedList | undefined) => Promise<BuiltEdition>;
}

/** Builds for publishing what changed since the last publish; everything where that cannot be told. */
export function incrementalBuild(request: IncrementalRequest): IncrementalBuild {
  const folders = new AsyncDisposableStack();
  // Looked at while the caller reads what is published; each later round looks anew.
  let listing: Promise<ListedContent> | undefined = listContent(request.root);
  void Promise.allSettled([listing]);
  return {
    make: async (published) => {
      const listed = await (listing ?? listContent(request.root));
      listing = undefined;
      return make(request, listed, { published, folders });
    },
    [Symbol.asyncDispose]: () => folders.disposeAsync(),
  };
}

async function make(
  request: IncrementalRequest,
  listed: ListedContent,
  { published, folders }: { readonly published: PublishedList | undefined; readonly folders: AsyncDisposableStack },
): Promise<BuiltEdition> {
  const { content } = parseContent(listed.files, { now: request.now });
  if (content === undefined) return refuse(checkOf(listed, noIncidents, request).problems);
  const site = await fingerprintOf(content, request);
  const present = published?.site === site ? published : undefined;
  const changed = present === undefined ? undefined : readChanged(listed, present);
  const whole = wholeReason(published, changed, request.now);
  if (present === undefined || changed === undefined || whole !== undefined) {
    return makeWhole(request, { listed, site, whole: whole ?? 'site', folders });
  }
  return makePartial(request, { listed, changed, present, site, base: baseOf(content.config.url) });
}

async function fingerprintOf(
  { config, components }: Content,
  { engineDir, redactNames, siteKey }: IncrementalRequest,
): Promise<string> {
  const redaction = redactionRulesOf({ config }, redactNames);
  const templates = await templatesFingerprint({ engineDir, base: baseOf(config.url) });
  const key = hasOwnWords(redaction) ? await siteKey() : undefined;
  return siteFingerprint({ templates, config, components, redaction, key });
}

/** More incidents than this are rendered sooner by a whole build, on all cores. */
const mostChanged = 300;

function wholeReason(
  published: PublishedList | undefined,
  changed: ChangedIncidents | undefined,
  now: Date,
): WholeReason | undefined {
  if (published === undefined) return 'first';
  if (changed === undefined) return 'site';
  if (changed.files.length > mostChanged) return 'many';
  // What was checked at a later instant may not have been told yet at this one.
  const instant = formatInstant(now);
  return changed.kept.some(({ started_at, updated_at }) => started_at > instant || updated_at > instant)
    ? 'clock'
    : undefined;
}

const noIncidents: ChangedIncidents = { files: [], problems: [], blobs: new Map(), kept: [] };

/** All rules, on all that was read; of the other files it is only known that they are there. */
function checkOf(
  { files, problems: listing, incidents }: ListedContent,
  changed: ChangedIncidents,
  { now, redactNames }: IncrementalRequest,
): { readonly content: Content | undefined; readonly problems: Problem[] } {
  const read = new Set(changed.files.map(({ path }) => path));
  const others = incidents.filter((path) => !read.has(path));
  const unread = [...new Set([...listing.map(({ file }) => file), ...others])];
  const checked = checkContent([...files, ...changed.files], { now, redactNames, unread });
  return { content: checked.content, problems: sorted([...listing, ...changed.problems, ...checked.problems]) };
}

function refuse(problems: readonly Problem[]): never {
  throw new ProblemsFound(
    'Nothing was published, because the content does not pass the check:',
    problems.filter(stopsPage),
  );
}

async function makePartial(
  request: IncrementalRequest,
  known: {
    readonly listed: ListedContent;
    readonly changed: ChangedIncidents;
    readonly present: PresentPage;
    readonly site: string;
    readonly base: string;
  },
): Promise<BuiltEdition> {
  const compiling = await startCompiler({ ...request, base: known.base });
  const { content, problems } = checkOf(known.listed, known.changed, request);
  const compiled = await compiling.site;
  if (content === undefined || problems.some(stopsPage)) return refuse(problems);
  const { partialSource } = await import('./incremental-partial.ts');
  const redaction = redactionRulesOf(content, request.redactNames);
  const source = await partialSource({ ...request, ...known, content, redaction, compiled });
  return { ...source, whole: undefined, problems };
}

async function makeWhole(
  request: IncrementalRequest,
  known: {
    readonly listed: ListedContent;
    readonly site: string;
    readonly whole: WholeReason;
    readonly folders: AsyncDisposableStack;
  },
): Promise<BuiltEdition> {
  const { buildWhole } = await import('./incremental-whole.ts');
  const built = known.folders.use(await buildWhole({ ...request, site: known.site, blobs: allBlobs(known.listed) }));
  if (built.source === undefined) return refuse(built.problems);
  return { ...built.source, rendered: built.rendered, whole: known.whole, problems: built.problems };
}
