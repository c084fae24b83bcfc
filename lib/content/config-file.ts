import { StatusConfig } from '../schema/config.ts';
import type { Position, Problem } from '../schema/problem.ts';
import type { SourceFile } from './content.ts';
import { readSourceText } from './source-text.ts';
import { readYaml } from './yaml-file.ts';

/** The path of the page's settings in a content root. */
export const configPath = 'status.config.yml';

/** What reading the page's settings came to. */
export interface ConfigResult {
  readonly config: StatusConfig | undefined;
  /** Where each key stands; list items as `redact.patterns.0`. */
  readonly keys: ReadonlyMap<string, Position>;
  readonly problems: readonly Problem[];
}

/** Read `status.config.yml`. */
export function readConfigFile(source: SourceFile): ConfigResult {
  const { text, problems } = readSourceText(source);
  if (text === undefined) return { config: undefined, keys: new Map(), problems };
  const yaml = readYaml(text, { file: source.path, linesBefore: 0 }, StatusConfig);
  return { config: yaml.value, keys: yaml.keys, problems: [...problems, ...yaml.problems] };
}
