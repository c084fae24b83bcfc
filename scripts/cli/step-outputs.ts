import { appendFileSync } from 'node:fs';
import type { Context } from './context.ts';

/** Tell the steps and jobs of a workflow that come after this one; elsewhere nobody is told. */
export function tellSteps({ env }: Pick<Context, 'env'>, outputs: Readonly<Record<string, boolean>>): void {
  const file = env['GITHUB_OUTPUT'] ?? '';
  if (file === '') return;
  for (const [name, value] of Object.entries(outputs)) appendFileSync(file, `${name}=${value}\n`);
}
