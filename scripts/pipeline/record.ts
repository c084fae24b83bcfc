import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { recordFacts } from '../../lib/adapters/audit-log.ts';
import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import type { Content } from '../../lib/content/content.ts';
import { contentFacts, nothingRecorded, type ToldContent } from '../../lib/policy/audit-facts.ts';
import { redactText } from '../../lib/policy/redaction.ts';
import type { RecordedState } from '../../lib/schema/state.ts';
import type { Context } from '../cli/context.ts';
import { rulesFor } from '../cli/redaction-rules.ts';
import { untilFresh } from './fold-into-state.ts';
import { writersOf } from './writers.ts';

/** Where content lies, and what its dictionary needs. */
type Place = Pick<Context, 'root' | 'env'>;

/**
 * Tell the audit log what people wrote since it was last told; resolves to how many facts were new. What was found is
 * kept in the document `recorded` before it is told, so that whoever is killed in between loses nothing, and the next
 * one tells it; and it is told once, however many do so at the same time.
 */
export async function recordContent(store: StateStore, content: Content, place: Place, now: Date): Promise<number> {
  const told = redacted(content, place);
  let count = 0;
  await untilFresh(async () => {
    const stored = await store.read('recorded');
    const before = stored?.value ?? nothingRecorded;
    const after = await newsOf(told, stored?.value, place, now);
    const isNew = !isDeepStrictEqual(before, after);
    const version = isNew ? await store.write('recorded', after, stored?.version) : stored?.version;
    if (after.pending.length === 0) return;
    count += await recordFacts(store, after.pending, now);
    await store.write('recorded', { ...after, pending: [] }, version);
  });
  return count;
}

/** What is recorded once everything new is found, the new facts among what is still to be told. */
async function newsOf(
  content: ToldContent,
  recorded: RecordedState | undefined,
  { root, env }: Place,
  now: Date,
): Promise<RecordedState> {
  const unread = unreadComponents(content, recorded, root);
  const files = new Set<string>();
  const decide = (whoOf: (file: string) => string) => contentFacts(content, recorded, { now, unread, whoOf });
  const first = decide((file) => {
    files.add(file);
    return 'somebody';
  });
  const pending = recorded?.pending ?? [];
  if (first.facts.length === 0) return { ...first.recorded, pending };
  const { facts, recorded: after } = decide(await writersOf(root, [...files], env));
  return { ...after, pending: [...pending, ...facts] };
}

/** Components with an override whose file is there and is not in the content: it cannot be read at the moment. */
function unreadComponents(
  { components }: ToldContent,
  recorded: RecordedState | undefined,
  root: string,
): ReadonlySet<string> {
  const read = new Set(components.map(({ id }) => id));
  const missing = Object.keys(recorded?.overrides ?? {}).filter((id) => !read.has(id));
  return new Set(missing.filter((id) => existsSync(join(root, 'components', `${id}.yml`))));
}

/** The content without what must not be public in the reasons of overrides: the log lies where the state lies. */
function redacted({ incidents, components, config }: Content, { env }: Place): ToldContent {
  if (components.every(({ override }) => override === undefined)) return { incidents, components };
  const rules = rulesFor(config, env);
  return {
    incidents,
    components: components.map((component) => {
      const { override } = component;
      if (override === undefined) return component;
      return { ...component, override: { ...override, reason: redactText(override.reason, rules).text } };
    }),
  };
}
