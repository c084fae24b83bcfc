import type { PageData, PageOf } from '../../lib/snapshot/page-data.ts';

/** The data of the route's own kind; anything else is a bug of the caller. */
export function pageOf<K extends PageData['kind']>(locals: App.Locals, kind: K): PageOf<K> {
  const data = locals.page;
  if (!isKind(data, kind)) throw new Error(`The template of a ${kind} page was given a ${data.kind} page.`);
  return data;
}

function isKind<K extends PageData['kind']>(data: PageData, kind: K): data is PageOf<K> {
  return data.kind === kind;
}
