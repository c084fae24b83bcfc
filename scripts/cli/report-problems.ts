import pc from 'picocolors';
import type { Problem } from '../../lib/schema/problem.ts';

/** Problems for people: where, what, and what to do, one after the other. */
export function problemsText(problems: readonly Problem[], { colour }: { readonly colour: boolean }): string {
  const paint = pc.createColors(colour);
  return problems
    .map(({ file, line, column, severity, message, fix, rule }) => {
      const grave = severity === 'error' ? paint.red('error') : paint.yellow('warning');
      return `${paint.bold(`${file}:${line}:${column}`)} ${grave} ${message} ${paint.dim(`(${rule})`)}\n  ${fix}\n`;
    })
    .join('');
}
