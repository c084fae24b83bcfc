import { hash } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Rendered } from '../content/render-markdown.ts';
import type { RedactionKind, RedactionRules } from '../policy/redaction.ts';
import { exists, hashFiles } from './tree.ts';

/** Rendered updates of an earlier build. */
export interface RenderCache {
  /** What `source` was rendered to by this renderer and these rules. */
  get(source: string): Rendered | undefined;
  /** Keeps these and no others. */
  save(rendered: ReadonlyMap<string, Rendered>): Promise<void>;
}

/**
 * The cache of a folder for these rules and this renderer. It is one file, named after both, so that a stale one is never
 * read; a file that is damaged or foreign counts as empty. The folder must not be one that is published.
 */
export async function openRenderCache(dir: string, rules: RedactionRules): Promise<RenderCache> {
  const renderer = await hashFiles(engineDir, rendererFiles, [rules.fingerprint]);
  const path = join(dir, `${prefix}${renderer}.json`);
  const kept = await readEntries(path);
  return {
    get: (source) => kept.get(keyOf(source)),
    async save(rendered) {
      await mkdir(dir, { recursive: true });
      await writeEntries(path, rendered);
      await removeOldest(dir);
    },
  };
}

const engineDir = join(import.meta.dirname, '..', '..');
/** All that decides what an update is rendered to: the renderer, the redaction, and the packages that they use. */
const rendererFiles = ['lib/content', 'lib/policy', 'package.json', 'package-lock.json'];
const prefix = 'rendered-';
/** Files kept for other rules and other renderers. */
const mostFiles = 4;

const Finding = z.strictObject({
  kind: z.custom<RedactionKind>((value) => typeof value === 'string'),
  line: z.int(),
  column: z.int(),
});
const Entries = z.array(z.tuple([z.string(), z.string(), z.string(), z.array(Finding)]));

const keyOf = (source: string) => hash('sha256', source, 'base64url');

/** The first line of a cache file is the hash of the rest. */
async function readEntries(path: string): Promise<ReadonlyMap<string, Rendered>> {
  const kept = new Map<string, Rendered>();
  if (!(await exists(path))) return kept;
  const file = await readFile(path, 'utf8');
  const end = file.indexOf('\n');
  const body = file.slice(end + 1);
  if (hash('sha256', body) !== file.slice(0, end)) return kept;
  const entries = Entries.safeParse(JSON.parse(body));
  for (const [key, html, text, findings] of entries.data ?? []) kept.set(key, { html, text, findings });
  return kept;
}

/** Others see the old file or the new one, never half of one. */
async function writeEntries(path: string, rendered: ReadonlyMap<string, Rendered>): Promise<void> {
  const entries = Array.from(rendered, ([source, { html, text, findings }]) => [keyOf(source), html, text, findings]);
  const body = JSON.stringify(entries);
  const unfinished = `${path}.${process.pid}.new`;
  await writeFile(unfinished, `${hash('sha256', body)}\n${body}`);
  await rename(unfinished, path);
}

async function removeOldest(dir: string): Promise<void> {
  const names = (await readdir(dir)).filter((name) => name.startsWith(prefix));
  const files = names.map((name) => {
    const path = join(dir, name);
    return { path, at: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
  });
  const old = files.toSorted((a, b) => b.at - a.at).slice(mostFiles);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
}
