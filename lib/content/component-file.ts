import { z } from 'zod';
import { fileStart, problem } from '../policy/rules.ts';
import { type Component, ComponentFile, type Override, OverrideFields } from '../schema/component.ts';
import { ComponentId } from '../schema/identifier.ts';
import type { Problem } from '../schema/problem.ts';
import type { SourceFile } from './content.ts';
import { readSourceText } from './source-text.ts';
import { readYaml } from './yaml-file.ts';

/** What reading one component's file came to: the component where it could be built, and every problem of the file alone. */
export interface ComponentResult {
  readonly component: Component | undefined;
  /** What could be read of it where it could not be built. */
  readonly sketch: ComponentSketch | undefined;
  readonly problems: readonly Problem[];
}

/** What is known of a component whose file has problems, so that its other problems are found as well. */
export interface ComponentSketch extends Pick<Component, 'file' | 'id' | 'positions'> {
  readonly name: string | undefined;
  readonly override: Pick<Override, 'setAt' | 'expiresAt'> | undefined;
}

/** Read `components/<id>.yml`. */
export function readComponentFile(source: SourceFile): ComponentResult {
  const file = source.path;
  const id = ComponentId.safeParse(file.slice('components/'.length, -'.yml'.length));
  const { text, problems: textProblems } = readSourceText(source);
  const problems: Problem[] = [...(id.success ? [] : [badName(file)]), ...textProblems];
  if (text === undefined) return { component: undefined, sketch: undefined, problems };
  const { value, data, keys, problems: yamlProblems } = readYaml(text, { file, linesBefore: 0 }, ComponentFile);
  problems.push(...yamlProblems);
  if (!id.success) return { component: undefined, sketch: undefined, problems };
  if (value === undefined) return { component: undefined, sketch: sketchOf(file, id.data, data, keys), problems };
  const { name, description, group, order } = value;
  const override = value.override === undefined ? undefined : overrideOf(value.override);
  const component = { id: id.data, file, name, description, group, order, override, positions: keys };
  return { component, sketch: undefined, problems };
}

function overrideOf(fields: NonNullable<ComponentFile['override']>): Override {
  return {
    status: fields.status,
    reason: fields.reason,
    setAt: new Date(fields.set_at),
    expiresAt: new Date(fields.expires_at),
  };
}

function sketchOf(file: string, id: string, data: unknown, positions: Component['positions']): ComponentSketch {
  const name = Named.safeParse(data).data?.name;
  const times = Pinned.safeParse(data).data?.override;
  const override =
    times === undefined ? undefined : { setAt: new Date(times.set_at), expiresAt: new Date(times.expires_at) };
  return { file, id, positions, name, override };
}

const Named = z.object({ name: z.string() });
const Pinned = z.object({ override: z.object(OverrideFields.pick({ set_at: true, expires_at: true }).shape) });

function badName(file: string): Problem {
  return problem(
    'file-name',
    file,
    fileStart,
    'The file name is no component id.',
    'Name it in lower-case letters and digits joined by single hyphens, at most 64 characters: `point-of-sale.yml`.',
  );
}
