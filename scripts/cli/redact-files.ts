import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { editFile } from '../../lib/adapters/edit-file.ts';
import { redactFile } from '../../lib/content/redact-file.ts';
import { type Finding, redactMarkdown } from '../../lib/content/redact-markdown.ts';
import type { RedactionRules } from '../../lib/policy/redaction.ts';
import { UsageError } from './errors.ts';
import { changeJsonLines } from './json-lines.ts';
import { kindNames } from './redaction-rules.ts';
import { inputName, readInput, standardInput } from './text-input.ts';

/**
 * Write the redacted texts of files to standard output, one after the other. A file that is not found from the current
 * folder is looked for in the root, as the reports of the check name it.
 */
export async function redactFiles(root: string, files: readonly string[], rules: RedactionRules): Promise<void> {
  for (const file of files) {
    const path = placeOf(root, file);
    const { text, findings } = redactFile(slashed(path), await readInput(path), rules);
    tell(file, findings);
    process.stdout.write(text);
  }
}

/** Redact files where they are; none is touched where one of them may not be. */
export async function redactInPlace(root: string, files: readonly string[], rules: RedactionRules): Promise<void> {
  const paths: { readonly file: string; readonly path: string }[] = [];
  for (const file of files) paths.push({ file, path: await pathInside(root, file) });
  for (const { file, path } of paths) {
    let findings: readonly Finding[] = [];
    const written = await editFile(path, (present) => {
      if (present === undefined) return undefined;
      const redacted = redactFile(slashed(path), present, rules);
      findings = redacted.findings;
      return redacted.text;
    });
    tell(file, findings);
    process.stdout.write(written ? `${file}: redacted\n` : `${file}: nothing to redact\n`);
  }
}

/** Redact one JSON string a line, and tell at the end how many of each kind there were: there may be a million of them. */
export async function redactJsonLines(file: string, rules: RedactionRules): Promise<void> {
  const counts = new Map<string, number>();
  try {
    await changeJsonLines(file, (source) => {
      const { text, findings } = redactMarkdown(source, rules);
      for (const { kind } of findings) counts.set(kindNames[kind], (counts.get(kindNames[kind]) ?? 0) + 1);
      return text;
    });
  } finally {
    for (const [kind, count] of counts) process.stderr.write(`${inputName(file)}: ${kind}, ${count} in all\n`);
  }
}

/** The real path of a file that must lie in the root, also where symbolic links lead. */
async function pathInside(root: string, file: string): Promise<string> {
  if (file === standardInput)
    throw new UsageError('--write cannot change standard input.', 'Leave out --write or the -.');
  const place = placeOf(root, file);
  await readInput(place);
  const [real, realRoot] = await Promise.all([realpath(place), realpath(root)]);
  if (real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) return real;
  throw new UsageError(
    `${file} does not lie in ${root}, so it is not changed.`,
    'Name the folder that holds it with --root, or redact it without --write.',
  );
}

/** Where a file is: found from the current folder, or else from the root. */
function placeOf(root: string, file: string): string {
  if (file === standardInput || existsSync(file)) return file;
  const inRoot = resolve(root, file);
  return existsSync(inRoot) ? inRoot : file;
}

/** The path by which it is told what kind of file it is. */
function slashed(file: string): string {
  return resolve(file).replaceAll(sep, '/');
}

/** Kind and place, never the text: whoever reads this may be the public. */
function tell(file: string, findings: readonly Finding[]): void {
  for (const { line, kind } of findings) process.stderr.write(`${inputName(file)}:${line}: ${kindNames[kind]}\n`);
}
