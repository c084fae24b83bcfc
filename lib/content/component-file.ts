import { fileStart, problem } from '../policy/rules.ts';
import { type Component, ComponentFile, type Override } from '../schema/component.ts';
import { ComponentId } from '../schema/identifier.ts';
import type { Problem } from '../schema/problem.ts';
import type { SourceFile } from './content.ts';
import { readSourceText } from './source-text.ts';
import { readYaml } from './yaml-file.ts';

/** What reading one component's file came to: the component where it could be built, and every problem of the file alone. */
export interface ComponentResult {
  readonly component: Component | undefined;
  readonly problems: readonly Problem[];
}

/** Read `components/<id>.yml`. */
export function readComponentFile(source: SourceFile): ComponentResult {
  const file = source.path;
  const id = ComponentId.safeParse(file.slice('components/'.length, -'.yml'.length));
  const { text, problems: textProblems } = readSourceText(source);
  const problems: Problem[] = [...(id.success ? [] : [badName(file)]), ...textProblems];
  if (text === undefined) return { component: undefined, problems };
  const { value, keys, problems: yamlProblems } = readYaml(text, { file, linesBefore: 0 }, ComponentFile);
  problems.push(...yamlProblems);
  if (!id.success || value === undefined) return { component: undefined, problems };
  const { name, description, group, order } = value;
  const override = value.override === undefined ? undefined : overrideOf(value.override);
  return { component: { id: id.data, file, name, description, group, order, override, positions: keys }, problems };
}

function overrideOf(fields: NonNullable<ComponentFile['override']>): Override {
  return {
    status: fields.status,
    reason: fields.reason,
    setAt: new Date(fields.set_at),
    expiresAt: new Date(fields.expires_at),
  };
}

function badName(file: string): Problem {
  return problem(
    'file-name',
    file,
    fileStart,
    'The file name is no component id.',
    'Name it in lower-case letters and digits joined by single hyphens, at most 64 characters: `point-of-sale.yml`.',
  );
}
