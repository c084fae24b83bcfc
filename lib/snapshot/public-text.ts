import type { Update } from '../schema/incident.ts';

/** The words of an update as the public reads them, redacted: safe HTML, and the same for readers without HTML. */
export interface RenderedText {
  readonly html: string;
  readonly text: string;
}

/** The rendered updates, by their Markdown. */
export type RenderedBodies = ReadonlyMap<string, RenderedText>;

/** The rendered words of `update`; an update that nobody rendered is a bug of the caller. */
export function renderedBody(update: Update, rendered: RenderedBodies): RenderedText {
  const body = rendered.get(update.body);
  if (body === undefined) throw new Error(`The update of ${update.at.toISOString()} was not rendered.`);
  return body;
}
