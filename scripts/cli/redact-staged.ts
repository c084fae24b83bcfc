import { join } from 'node:path';
import { editFile } from '../../lib/adapters/edit-file.ts';
import { gitLine } from '../../lib/adapters/git.ts';
import { replaceStaged, type StagedFile, stagedBytes, stagedFiles } from '../../lib/adapters/git-staged.ts';
import { configPath, readConfigFile } from '../../lib/content/config-file.ts';
import { redactFile } from '../../lib/content/redact-file.ts';
import type { Finding } from '../../lib/content/redact-markdown.ts';
import type { RedactionRules } from '../../lib/policy/redaction.ts';
import type { Context } from './context.ts';
import { ProblemsFound } from './errors.ts';
import { kindNames, rulesFor } from './redaction-rules.ts';

/**
 * Redact what is about to be committed below the root: the staged text, and the same in the work tree so that it does not come
 * back. Says what it did, by file, line and kind; the text that is not UTF-8 is left to the check.
 */
export async function redactStaged(context: Context): Promise<string> {
  const top = await gitLine(context.root, ['rev-parse', '--show-toplevel']);
  const prefix = await gitLine(context.root, ['rev-parse', '--show-prefix']);
  const content = (await stagedFiles(top, prefix)).filter(({ path }) => isContent(path.slice(prefix.length)));
  if (content.length === 0) return '';
  const rules = await stagedRules(context, top, prefix);
  const told: string[] = [];
  for (const file of content) told.push(...(await redactOne(top, file, rules)));
  if (told.length === 0) return '';
  return `${[...told, 'The commit has [redacted] there. Look at it with `git show`, and amend what reads badly.'].join('\n')}\n`;
}

function isContent(path: string): boolean {
  return /^(?:incidents\/[^/]+\.md|components\/[^/]+\.yml|status\.config\.yml)$/.test(path);
}

/** By the settings that are committed with it, so that an addition to the dictionary counts at once. */
async function stagedRules({ env }: Context, top: string, prefix: string): Promise<RedactionRules> {
  const bytes = await stagedBytes(top, prefix + configPath);
  if (bytes === undefined) return rulesFor(undefined, env);
  const { config, problems } = readConfigFile({ path: configPath, bytes });
  if (config !== undefined) return rulesFor(config, env);
  throw new ProblemsFound(
    'Nothing is committed: what must be redacted is not known, because the settings are wrong:',
    problems,
  );
}

async function redactOne(top: string, file: StagedFile, rules: RedactionRules): Promise<string[]> {
  const text = decoded(await stagedBytes(top, file.path));
  if (text === undefined) return [];
  const { text: redacted, findings } = redactFile(`/${file.path}`, text, rules);
  if (redacted === text) return [];
  await replaceStaged(top, file, redacted);
  await editFile(join(top, file.path), (present) =>
    present === undefined ? undefined : redactFile(`/${file.path}`, present, rules).text,
  );
  return findings.map((finding) => line(file, finding));
}

function line({ path }: StagedFile, { line: number, kind }: Finding): string {
  return `${path}:${number}: ${kindNames[kind]} was redacted.`;
}

function decoded(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
