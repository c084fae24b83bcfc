import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { jsonOf } from '../../schema/json-text.ts';
import { PublicComponent, PublicPage } from '../../schema/snapshot.ts';
import type { EndpointFacts } from '../../subscriptions/endpoint-call.ts';

/** What a published folder says of its page, kept up to date while it is looked at. */
export interface PublishedFacts {
  /** Absent until something could be read. */
  readonly current: () => EndpointFacts | undefined;
  readonly refresh: () => Promise<void>;
}

/** Newer versions of Candor may say more of a page. */
const FactsFile = z.object({
  page: z.object(PublicPage.shape),
  components: z.array(z.object(PublicComponent.shape).pick({ id: true, name: true, group: true })),
});

const freshMs = 5000;

/** The facts of the folder that `folder` names at that moment; `adjust` says what is different on this machine. */
export function publishedFacts(
  folder: () => string | undefined,
  { now, adjust }: { readonly now: () => Date; readonly adjust: (page: PublicPage) => PublicPage },
): PublishedFacts {
  let known: EndpointFacts | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  const refresh = async () => {
    readAt = now().getTime();
    const place = folder();
    const read = place === undefined ? undefined : await factsIn(place);
    if (read === undefined) return;
    const facts = { ...read, page: adjust(read.page) };
    // What is remembered for these facts stays good as long as they are the same.
    if (!isDeepStrictEqual(facts, known)) known = facts;
  };
  return {
    refresh,
    current: () => {
      if (now().getTime() - readAt >= freshMs) void refresh();
      return known;
    },
  };
}

/** A folder that is being written has no facts for a moment: then the ones before hold. */
async function factsIn(folder: string): Promise<EndpointFacts | undefined> {
  const text = await readFile(join(folder, 'current.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const read = FactsFile.safeParse(jsonOf(text));
  return read.success ? read.data : undefined;
}
