import type { Override } from '../schema/component.ts';
import { formatInstant } from '../schema/instant.ts';
import { replaceBlock, scalar } from './write-yaml.ts';

/** The text of a component's file with this override in the place of any other; the rest stays as it is. */
export function setOverride(text: string, override: Override): string {
  const lines = [
    'override:',
    `  status: ${override.status}`,
    `  reason: ${scalar(override.reason)}`,
    `  set_at: ${formatInstant(override.setAt)}`,
    `  expires_at: ${formatInstant(override.expiresAt)}`,
  ];
  return replaceBlock(text, 'override', `${lines.join('\n')}\n`);
}

/** The text of a component's file without its override; the rest stays as it is. */
export function clearOverride(text: string): string {
  return replaceBlock(text, 'override', '');
}
