import pc from 'picocolors';
import { textReport } from '../../lib/content/report.ts';
import type { Problem } from '../../lib/schema/problem.ts';

/** Problems for people; `fileCount` is how many files were looked at, by default those that have one. */
export function problemsText(
  problems: readonly Problem[],
  { colour, fileCount }: { readonly colour: boolean; readonly fileCount?: number },
): string {
  const { bold, red, yellow, dim } = pc.createColors(colour);
  const files = fileCount ?? new Set(problems.map(({ file }) => file)).size;
  return textReport(problems, files, { file: bold, error: red, warning: yellow, faint: dim });
}
