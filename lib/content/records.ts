import type { Component } from '../schema/component.ts';
import type { StatusConfig } from '../schema/config.ts';
import type { Incident } from '../schema/incident.ts';
import type { Position, Problem } from '../schema/problem.ts';
import { type ComponentSketch, readComponentFile } from './component-file.ts';
import { configPath, readConfigFile } from './config-file.ts';
import type { SourceFile } from './content.ts';
import { type IncidentSketch, readIncidentFile } from './incident-file.ts';
import { type ProbeResult, readProbeFile } from './probe-file.ts';

/** Every record that could be built from files taken one by one, in the order of the files, and the problems of each file alone. */
export interface Records {
  readonly config: StatusConfig | undefined;
  /** Where each key of the settings stands. */
  readonly configKeys: ReadonlyMap<string, Position>;
  readonly components: readonly Component[];
  readonly incidents: readonly Incident[];
  /** What could be read of the files that no record could be built from. */
  readonly sketches: { readonly components: readonly ComponentSketch[]; readonly incidents: readonly IncidentSketch[] };
  /** What each probe's file came to, its problems among it: they are judged together. */
  readonly probes: readonly ProbeResult[];
  /** Of all files but the probes'. */
  readonly problems: readonly Problem[];
}

/** Called with how many of how many files are done, now and then. */
export type Progress = (done: number, total: number) => void;

/** Read files one by one; a path that belongs to no kind of record is passed over. */
export function readRecords(files: readonly SourceFile[], onProgress?: Progress): Records {
  const problems: (readonly Problem[])[] = [];
  const components: Component[] = [];
  const incidents: Incident[] = [];
  const probes: ProbeResult[] = [];
  const sketches = { components: [] as ComponentSketch[], incidents: [] as IncidentSketch[] };
  let settings: Pick<Records, 'config' | 'configKeys'> = { config: undefined, configKeys: new Map() };
  for (const [done, file] of files.entries()) {
    if (done % progressStep === 0) onProgress?.(done, files.length);
    if (file.path === configPath) {
      const result = readConfigFile(file);
      settings = { config: result.config, configKeys: result.keys };
      problems.push(result.problems);
    } else if (file.path.startsWith('components/')) {
      const result = readComponentFile(file);
      if (result.component !== undefined) components.push(result.component);
      if (result.sketch !== undefined) sketches.components.push(result.sketch);
      problems.push(result.problems);
    } else if (file.path.startsWith('incidents/')) {
      const result = readIncidentFile(file);
      if (result.incident !== undefined) incidents.push(result.incident);
      if (result.sketch !== undefined) sketches.incidents.push(result.sketch);
      problems.push(result.problems);
    } else if (file.path.startsWith('probes/')) {
      probes.push(readProbeFile(file));
    }
  }
  return { ...settings, components, incidents, sketches, probes, problems: problems.flat() };
}

const progressStep = 100;
