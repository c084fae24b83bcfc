import { recordFacts } from '../../lib/adapters/audit-log.ts';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import type { SourceFile } from '../../lib/content/content.ts';
import { transitionFacts } from '../../lib/policy/audit-facts.ts';
import type { Incident } from '../../lib/schema/incident.ts';
import type { RecordedState, Transition } from '../../lib/schema/state.ts';
import { untilFresh } from './fold-into-state.ts';
import type { ProbePlan } from './probe-plan.ts';

/** Where content lies, who may not be named, and what time it is. */
interface Telling {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: () => Date;
}

/** Tell the audit log what measurements and people have changed since it was last told. */
export async function recordChanges(store: StateStore, plan: ProbePlan, telling: Telling): Promise<void> {
  await recordTransitions(store, telling.clock());
  await recordNews(store, plan, telling);
}

/**
 * Tell the audit log of every component that changed, also where an earlier run was killed before it did, and strike out
 * what stands there. The same change is told once, whoever tells it again.
 */
async function recordTransitions(store: StateStore, now: Date): Promise<void> {
  const told = (await store.read('probes'))?.value.pending ?? [];
  if (told.length === 0) return;
  await recordFacts(store, transitionFacts(told), now);
  const known = new Set(told.map(identity));
  await untilFresh(async () => {
    const stored = await store.read('probes');
    if (stored === undefined) return;
    const pending = stored.value.pending.filter((one) => !known.has(identity(one)));
    await store.write('probes', { ...stored.value, pending }, stored.version);
  });
}

function identity({ component, before, after, known_at: knownAt }: Transition): string {
  return `${component} ${before} ${after} ${knownAt}`;
}

/** What people wrote. Most runs find nothing new, so nothing is parsed for it but files that may hold something. */
async function recordNews(
  store: StateStore,
  { files, config, components }: ProbePlan,
  telling: Telling,
): Promise<void> {
  const recorded = (await store.read('recorded'))?.value;
  const suspects = files.filter((file) => mayHoldNews(file, recorded));
  const mayBePinned = components.some(({ override }) => override !== undefined);
  const wasPinned = Object.keys(recorded?.overrides ?? {}).length > 0;
  if (suspects.length === 0 && !mayBePinned && !wasPinned && !recorded?.pending.length) return;
  const { recordContent } = await import('./record.ts');
  const incidents = await incidentsIn(suspects);
  const content = { config, components, incidents, probes: [], brokenProbes: [] };
  await recordContent(store, content, telling, telling.clock());
}

/** Whether an incident may have updates that were not recorded: it has more lines that look like the heading of one. */
function mayHoldNews({ path, bytes }: SourceFile, recorded: RecordedState | undefined): boolean {
  const id = /^incidents\/(.+)\.md$/.exec(path)?.[1];
  if (id === undefined) return false;
  const text = new TextDecoder().decode(bytes);
  const known = recorded?.incidents[id] ?? 0;
  return text.includes('\r') || (text.match(headingLike)?.length ?? 0) > known;
}

/** An update begins with such a line; others may look like it, in a code block for example. */
const headingLike = /^ {0,3}##(?!#)/gm;

async function incidentsIn(files: readonly SourceFile[]): Promise<Incident[]> {
  if (files.length === 0) return [];
  const { readIncidentFile } = await import('../../lib/content/incident-file.ts');
  return files
    .flatMap((file) => readIncidentFile(file).incident ?? [])
    .toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
}
