import { countSubscribers } from '../../../lib/adapters/subscriptions/open-subscription-store.ts';
import { formatInstant } from '../../../lib/schema/instant.ts';
import type { Context } from '../context.ts';
import { sealedPlaceOf } from '../subscription-place.ts';
import { openWorkspace } from '../workspace.ts';

/** How many subscribers there are, as JSON; by each component that has a file in the root. */
export async function countedSubscribers(context: Context): Promise<string> {
  const { files } = await openWorkspace(context);
  const components = files.flatMap(({ path }) => /^components\/(.+)\.yml$/.exec(path)?.[1] ?? []);
  const counts = await countSubscribers(sealedPlaceOf(context), components);
  const { confirmed, unconfirmed, suspended, byComponent } = counts;
  const generatedAt = formatInstant(context.now());
  return `${JSON.stringify({ generated_at: generatedAt, confirmed, unconfirmed, suspended, by_component: byComponent })}\n`;
}
