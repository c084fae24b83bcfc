import { compileRedactionRules, type RedactionRules, redactText } from '../../lib/policy/redaction.ts';
import type { StatusConfig } from '../../lib/schema/config.ts';
import type { RenderedBodies } from '../../lib/snapshot/public-text.ts';

/** The redaction of a page: its own additions, and the names that the environment holds. */
export function redactionOf(config: StatusConfig, redactNames: readonly string[]): RedactionRules {
  return compileRedactionRules({
    supportEmail: config.support_email,
    names: [...config.redact.names, ...redactNames],
    hosts: config.redact.hosts,
    patterns: config.redact.patterns,
  });
}

/** Where rendered Markdown is kept, and who is told how far it is. */
export interface RenderOptions {
  readonly cacheDir: string;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Every body as safe, redacted HTML and text, by its Markdown. */
export async function renderBodies(
  bodies: readonly string[],
  redaction: RedactionRules,
  _options: RenderOptions,
): Promise<RenderedBodies> {
  return new Map(
    bodies.map((body) => {
      const { text } = redactText(body, redaction);
      return [body, { html: `<p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>`, text }];
    }),
  );
}
