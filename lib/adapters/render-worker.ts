import { type Rendered, renderMarkdown } from '../content/render-markdown.ts';
import { compileRedactionRules, type RedactionSource } from '../policy/redaction.ts';

/** Updates for one thread to render, and what their page redacts. */
export interface RenderBatch {
  readonly sources: readonly string[];
  readonly redaction: RedactionSource;
}

/** Renders a batch of updates, in their order; run in a thread by `render-pool.ts`. */
export default function renderBatch({ sources, redaction }: RenderBatch): Rendered[] {
  const rules = compileRedactionRules(redaction);
  return sources.map((source) => renderMarkdown(source, rules));
}
