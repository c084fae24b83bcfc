import { formatInstant } from '../schema/instant.ts';
import type { Snapshot } from '../schema/snapshot.ts';

/**
 * What stands for a page's first snapshot until all that it tells of is there: nothing is known yet. It is a second older,
 * so that whoever has seen the other does not go back to it.
 */
export function placeholderOf({ version, generated_at, stale_after_seconds, page }: Snapshot): Snapshot {
  return {
    version,
    generated_at: formatInstant(new Date(Date.parse(generated_at) - 1000)),
    ...(stale_after_seconds === undefined ? {} : { stale_after_seconds }),
    page,
    overall: { status: 'unknown', summary: 'This page is being published for the first time' },
    components: [],
    open_incidents: [],
    recent_incidents: [],
  };
}
