import { z } from 'zod';
import { fileStart, problem } from '../policy/rules.ts';
import { ComponentId } from '../schema/identifier.ts';
import { type Probe, type ProbeFile, ProbeId, ProbeKind, probeFiles } from '../schema/probe.ts';
import { commonProbeFields } from '../schema/probes/common.ts';
import type { Problem } from '../schema/problem.ts';
import type { SourceFile } from './content.ts';
import { sketchedProblems } from './expectation-problems.ts';
import { readSourceText } from './source-text.ts';
import { readYaml } from './yaml-file.ts';

/** What reading one probe's file came to: the probe where it could be built, and every problem of the file alone. */
export interface ProbeResult {
  readonly probe: Probe | undefined;
  /** What could be read of it where it could not be built. */
  readonly sketch: ProbeSketch | undefined;
  readonly problems: readonly Problem[];
}

/** What is known of a probe whose file is wrong. */
export interface ProbeSketch extends Pick<Probe, 'file' | 'positions'> {
  /** The component that it was meant to speak for, where the file says so. */
  readonly component: ComponentId | undefined;
}

/** Read `probes/<id>.yml`. Its `kind` says what its other keys mean. */
export function readProbeFile(source: SourceFile): ProbeResult {
  const file = source.path;
  const id = ProbeId.safeParse(file.slice('probes/'.length, -'.yml'.length));
  const { text, problems: textProblems } = readSourceText(source);
  const problems: Problem[] = [...(id.success ? [] : [badName(file)]), ...textProblems];
  if (text === undefined) return { probe: undefined, sketch: sketchOf(file, undefined, ''), problems };
  const { value, data, keys, problems: yamlProblems } = readYaml(text, { file, linesBefore: 0 }, schemaFor);
  problems.push(...yamlProblems);
  if (id.success && value !== undefined) {
    return { probe: { id: id.data, file, asks: value, positions: keys }, sketch: undefined, problems };
  }
  if (value === undefined) problems.push(...sketchedProblems(data, { file, positions: keys }));
  return { probe: undefined, sketch: { ...sketchOf(file, data, text), positions: keys }, problems };
}

/** The schema of the kind that a file names, so that its problems are those of that kind. */
function schemaFor(data: unknown): z.ZodType<ProbeFile> {
  const kind = Kinded.safeParse(data).data?.kind;
  return kind === undefined ? ofNoKind : probeFiles[kind];
}

const Kinded = z.object({ kind: ProbeKind });

/** Finds the missing or unknown kind, and what is wrong with the keys that all kinds have. */
const ofNoKind = z.looseObject({ ...commonProbeFields, kind: ProbeKind }).pipe(z.never());

/** The component is looked for even where the file is no YAML: what is known to be unasked is not shown as healthy. */
function sketchOf(file: string, data: unknown, text: string): ProbeSketch {
  const written =
    Spoken.safeParse(data).data?.component ?? /^component: *["']?([a-z0-9-]+)["']? *(?:#.*)?$/m.exec(text)?.[1];
  return { file, positions: new Map(), component: ComponentId.safeParse(written).data };
}

const Spoken = z.object({ component: z.string() });

function badName(file: string): Problem {
  return problem(
    'file-name',
    file,
    fileStart,
    'The file name is no probe id.',
    'Name it in lower-case letters and digits joined by single hyphens, at most 64 characters: `payments-api.yml`.',
  );
}
