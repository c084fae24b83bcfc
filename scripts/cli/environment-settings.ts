import { readSettings, type SettingName, type Settings } from '../../lib/schema/settings.ts';
import type { Context } from './context.ts';
import { UsageError } from './errors.ts';

/**
 * The settings of the environment, all or those that a command needs; an error that names everything that is wrong with
 * them, and none of their values.
 */
export function environmentSettings({ env }: Pick<Context, 'env'>, names?: readonly SettingName[]): Settings {
  const { settings, problems } = readSettings(env, names);
  if (problems === undefined) return settings;
  const [only, ...others] = problems;
  if (only !== undefined && others.length === 0) throw new UsageError(only.message, only.fix);
  throw new UsageError(
    `${problems.length} settings of the environment are wrong.`,
    problems.map(({ message, fix }) => `${message} ${fix}`).join('\n'),
  );
}
