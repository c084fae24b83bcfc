import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Failure } from '../../lib/adapters/failure.ts';
import { cacheControlOf, contentTypeOf } from '../../lib/adapters/publish/content-type.ts';
import type { PublishTarget } from '../../lib/adapters/publish/publish-target.ts';
import { listOf, listText, type PublishedList } from '../../lib/policy/published-list.ts';
import { type Edition, PublishedFiles, PublishHead, publishFormat } from '../../lib/schema/publish.ts';

/** Where publishers agree. */
const headPath = '.candor/head.json';

/** What a target says of itself. What cannot be understood is as good as absent, and is replaced by the next publish. */
export interface TargetState {
  readonly head: PublishHead | undefined;
  /** Of the object, also where its bytes mean nothing. */
  readonly headGeneration: string | undefined;
  readonly list: PublishedList | undefined;
  readonly listGeneration: string | undefined;
}

/** Read the head, and the list of files that it names. What a newer Candor wrote is refused. */
export async function readTarget(target: PublishTarget): Promise<TargetState> {
  const { head, generation } = await readHead(target);
  const path = head?.files;
  const stored = path === undefined ? undefined : await target.read(path);
  const list = stored === undefined ? undefined : parsed(PublishedFiles, stored.bytes, path ?? '', target);
  return {
    head,
    headGeneration: generation,
    list: list === undefined ? undefined : listOf(list),
    listGeneration: stored?.facts.generation,
  };
}

/** The head alone. */
export async function readHead(
  target: PublishTarget,
): Promise<{ readonly head: PublishHead | undefined; readonly generation: string | undefined }> {
  const stored = await target.read(headPath);
  if (stored === undefined) return { head: undefined, generation: undefined };
  return { head: parsed(PublishHead, stored.bytes, headPath, target), generation: stored.facts.generation };
}

/** Write the head over the generation that was read; its new generation, or `undefined` where somebody else was faster. */
export async function writeHead(
  target: PublishTarget,
  head: PublishHead,
  { edition }: { readonly edition: Edition },
  generation: string | undefined,
): Promise<string | undefined> {
  const outcome = await target.put({ ...ownObject(headPath, `${JSON.stringify(head)}\n`), edition }, generation);
  return outcome.kind === 'written' ? outcome.generation : undefined;
}

/** Write the list of files under the hash of what it says; resolves to its path. */
export async function writeList(target: PublishTarget, list: PublishedList, edition: Edition): Promise<string> {
  const text = listText(list);
  const path = pathOfList(text);
  await target.put({ ...ownObject(path, text), edition }, undefined);
  return path;
}

/** Where a list lies. */
export function listPathOf(list: PublishedList): string {
  return pathOfList(listText(list));
}

function pathOfList(text: string): string {
  return `.candor/files-${createHash('sha256').update(text).digest('hex')}.json`;
}

function ownObject(path: string, text: string) {
  return {
    path,
    bytes: new TextEncoder().encode(text),
    contentType: contentTypeOf(path),
    cacheControl: cacheControlOf(path),
  };
}

const AnyFormat = z.object({ format: z.number() });

function parsed<T>(
  schema: z.ZodType<T>,
  bytes: Uint8Array,
  path: string,
  { place }: Pick<PublishTarget, 'place'>,
): T | undefined {
  const value = jsonOf(bytes);
  const format = AnyFormat.safeParse(value).data?.format ?? 0;
  if (format > publishFormat) {
    throw new Failure(`${path} in ${place} was written by a newer Candor (format ${format}).`, {
      fix: 'Publish with that version or a later one.',
    });
  }
  return schema.safeParse(value).data;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
