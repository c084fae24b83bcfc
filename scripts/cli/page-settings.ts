import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configPath, readConfigFile } from '../../lib/content/config-file.ts';
import type { StatusConfig } from '../../lib/schema/config.ts';
import type { Context } from './context.ts';

/** The settings of the root, for what needs no more of the content; `undefined` where there are none that can be read. */
export function pageSettings({ root }: Pick<Context, 'root'>): StatusConfig | undefined {
  const path = join(root, configPath);
  if (!existsSync(path)) return undefined;
  return readConfigFile({ path: configPath, bytes: readFileSync(path) }).config;
}
