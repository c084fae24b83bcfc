import type { ComponentId } from '../schema/identifier.ts';
import type { Probe, ProbeId } from '../schema/probe.ts';
import type { Problem } from '../schema/problem.ts';
import type { SourceFile } from './content.ts';

/** What reading one probe's file came to: the probe where it could be built, and every problem of the file alone. */
export interface ProbeResult {
  readonly probe: Probe | undefined;
  /** What could be read of it where it could not be built. */
  readonly sketch: ProbeSketch | undefined;
  readonly problems: readonly Problem[];
}

/** What is known of a probe that cannot be asked. */
export interface ProbeSketch {
  readonly file: string;
  readonly id: ProbeId | undefined;
  /** The component that it was meant to speak for, where the file says so. */
  readonly component: ComponentId | undefined;
}

/** Read `probes/<id>.yml`. */
export function readProbeFile(source: SourceFile): ProbeResult {
  return { probe: undefined, sketch: { file: source.path, id: undefined, component: undefined }, problems: [] };
}
