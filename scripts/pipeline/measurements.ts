import type { StateStore } from '../../lib/adapters/state/state-store.ts';
import type { Measurements } from '../../lib/snapshot/observations.ts';

/** What the state knows of health; nothing where nobody has measured yet. A document that cannot be used is a failure. */
export async function readMeasurements(store: StateStore): Promise<Measurements> {
  const [probes, uptime] = await Promise.all([store.read('probes'), store.read('uptime')]);
  return { probes: probes?.value, uptime: uptime?.value };
}
