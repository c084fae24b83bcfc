import { Failure } from '../../lib/adapters/failure.ts';
import type { ObjectFacts } from '../../lib/adapters/publish/publish-target.ts';
import type { Published } from '../../lib/policy/publish-plan.ts';
import { type Found, type Present, presentFrom } from '../../lib/policy/publish-present.ts';
import type { PublishedList } from '../../lib/policy/published-list.ts';
import type { PublishClaim } from '../../lib/schema/publish.ts';
import { listPathOf, type TargetState } from './publish-head.ts';
import type { PublishRequest } from './publish-site.ts';
import type { PublishSource } from './publish-source.ts';

/** All that a plan is made of. */
export interface Prepared {
  readonly state: TargetState;
  readonly published: Published | undefined;
  readonly source: PublishSource;
  /** Claims of other publishes. */
  readonly others: readonly PublishClaim[];
  /** Whether the target's list or a claim names the path. */
  readonly isOurs: (path: string) => boolean;
}

/**
 * Find out what the target has and make the edition that is to replace it. The target's list tells it, unless there is
 * none, or somebody may have written what it does not tell: then one look at everything there does.
 */
export async function prepare(state: TargetState, request: PublishRequest): Promise<Prepared> {
  const { head, list } = state;
  const claims = head?.pending ?? [];
  const isTold = list !== undefined && claims.length === 0 && !request.repair;
  const found = isTold ? undefined : foundIn(state, await request.target.list(), request.id);
  const source = await request.makeSource(found === undefined ? list : reliable(found, request));
  const { published, foreign } = found === undefined ? { published: list, foreign: [] } : look(found, source, request);
  if (foreign.length > 0) throw foreignFiles(foreign, request.target.place);
  const claimed = new Set(claims.flatMap(({ paths }) => paths));
  return {
    state,
    published,
    source,
    others: claims.filter(({ id }) => id !== request.id),
    isOurs: (path) => claimed.has(path) || list?.files.has(path) === true || list?.retired.has(path) === true,
  };
}

/** What to do about files that are in the way and not ours. */
export function foreignFiles(paths: readonly string[], place: string): Failure {
  const shown = paths.slice(0, mostNamed);
  const more = paths.length - shown.length;
  const list = [...shown, ...(more > 0 ? [`and ${more.toLocaleString('en')} more`] : [])].join('\n  ');
  const [noun, verb] = paths.length === 1 ? ['a file', 'stands'] : ['files', 'stand'];
  return new Failure(`In ${place}, ${noun} that Candor did not publish ${verb} in the way:\n  ${list}`, {
    fix: 'Move them away, name another place with --to, or add --adopt to replace them.',
  });
}

const mostNamed = 20;

function foundIn({ head, list }: TargetState, listing: ReadonlyMap<string, ObjectFacts>, ownId: string): Found {
  return {
    list,
    listPath: list === undefined ? undefined : (head?.files ?? listPathOf(list)),
    claims: head?.pending ?? [],
    ownId,
    listing,
  };
}

function look(found: Found, { files }: Pick<PublishSource, 'files'>, request: PublishRequest): Present {
  return presentFrom(found, { files, edition: request.edition, adopt: request.adopt, now: request.now });
}

/** The list, as far as the target still has what it says and nobody is about to change it. */
function reliable(found: Found, request: PublishRequest): PublishedList | undefined {
  if (found.list === undefined) return undefined;
  const { files: present, uncertain } = look(found, { files: new Map() }, request).published;
  const kept = [...found.list.files].filter(
    ([path, { hash }]) => present.get(path)?.hash === hash && uncertain?.has(path) !== true,
  );
  return { ...found.list, files: new Map(kept) };
}
