import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dispatcher } from 'undici';
import { jsonOf } from '../schema/json-text.ts';
import { Snapshot } from '../schema/snapshot.ts';
import type { SnapshotSource } from '../subscriptions/look.ts';
import { Failure } from './failure.ts';

const name = 'current.json';
/** Far more than a page of hundreds of components and incidents has. */
const maxBytes = 32 * 1024 * 1024;
const timeoutMs = 20_000;

/** The snapshot in a folder that was built, or on a page that was published (`http://` or `https://`). */
export function publishedSnapshot(from: string): SnapshotSource {
  return /^https?:/i.test(from) ? onPage(addressBelow(from)) : inFolder(from);
}

/** The address of the snapshot of the page at `url`, or `url` itself where it names a JSON file. */
function addressBelow(url: string): URL {
  const address = new URL(url);
  if (address.pathname.endsWith('.json')) return address;
  if (!address.pathname.endsWith('/')) address.pathname += '/';
  return new URL(name, address);
}

function inFolder(folder: string): SnapshotSource {
  const place = join(folder, name);
  let known: string | undefined;
  return {
    place,
    async read() {
      try {
        const { mtimeMs, size, ino } = await stat(place);
        const mark = `${mtimeMs} ${size} ${ino}`;
        if (mark === known) return undefined;
        if (size > maxBytes) throw tooLarge(place);
        const dealtWith = () => {
          known = mark;
        };
        return { snapshot: snapshotIn(await readFile(place, 'utf8'), place), dealtWith };
      } catch (cause) {
        if (cause instanceof Failure) throw cause;
        throw new Failure(`${place} cannot be read${codeIn(cause)}.`, {
          fix: 'Name a folder that `candor build` wrote, or the address of a published page, with --from.',
          cause,
        });
      }
    },
  };
}

function onPage(address: URL): SnapshotSource {
  const place = address.href;
  let known: Readonly<Record<string, string>> = {};
  let connections: Dispatcher | undefined;
  return {
    place,
    async read(signal) {
      const { EnvHttpProxyAgent, fetch } = await import('undici');
      connections ??= new EnvHttpProxyAgent({ allowH2: false });
      try {
        const answer = await fetch(address, {
          dispatcher: connections,
          headers: { accept: 'application/json', ...known },
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        });
        if (answer.status === 304) return undefined;
        if (!answer.ok) throw notThere(place, answer.status);
        const dealtWith = () => {
          known = conditionsOf(answer.headers);
        };
        return { snapshot: snapshotIn(await textOf(answer.body, place), place), dealtWith };
      } catch (cause) {
        if (cause instanceof Failure) throw cause;
        throw unreachable(place, cause);
      }
    },
  };
}

/** The newest that is known is not fetched again. */
function conditionsOf(headers: { get(name: string): string | null }): Record<string, string> {
  const [tag, changed] = [headers.get('etag'), headers.get('last-modified')];
  return {
    ...(tag === null ? {} : { 'if-none-match': tag }),
    ...(changed === null ? {} : { 'if-modified-since': changed }),
  };
}

async function textOf(body: AsyncIterable<Uint8Array> | null, place: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > maxBytes) throw tooLarge(place);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function snapshotIn(text: string, place: string): Snapshot {
  const parsed = Snapshot.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` (at ${issue.path.join('.')}: ${issue.message})`;
  throw new Failure(`${place} is no snapshot of a page${where}.`, {
    fix: 'Name what this version of `candor build` or `candor publish` wrote.',
  });
}

function notThere(place: string, status: number): Failure {
  return new Failure(`${place} answered with status ${status}.`, {
    fix: 'Check that the page is published there, or name a built folder or another address with --from.',
  });
}

function tooLarge(place: string): Failure {
  return new Failure(`${place} is larger than ${maxBytes / 1024 / 1024} MiB, so it was not read.`, {
    fix: 'Name the snapshot of a page with --from.',
  });
}

function unreachable(place: string, cause: unknown): Failure {
  const isLate = cause instanceof Error && cause.name === 'TimeoutError';
  const why = isLate ? ` within ${timeoutMs / 1000} seconds` : codeIn(cause instanceof Error ? cause.cause : undefined);
  return new Failure(`${place} could not be fetched${why}.`, {
    fix: 'Check that the page is published there and that this machine reaches it, or name a built folder with --from.',
    cause,
  });
}

function codeIn(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
}
