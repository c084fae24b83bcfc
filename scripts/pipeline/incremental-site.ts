import { createHash, createHmac } from 'node:crypto';
import { type RedactionRules, redactText } from '../../lib/policy/redaction.ts';
import type { Component } from '../../lib/schema/component.ts';
import type { StatusConfig } from '../../lib/schema/config.ts';
import { publicPage } from '../../lib/snapshot/public-model.ts';

/** Everything that a page of the archive depends on besides the files of its incidents. */
export interface SiteFacts {
  /** The fingerprint of the compiled templates, and with them of all that makes a page from content. */
  readonly templates: string;
  readonly config: StatusConfig;
  readonly components: readonly Component[];
  readonly redaction: RedactionRules;
  /** What keeps the dictionary of the page from being guessed; without it a page that has one has no fingerprint. */
  readonly key: string | undefined;
}

/**
 * One word for all of it, fit to be published: whoever knows it learns nothing of names, hosts and patterns that are redacted.
 * Empty where it cannot be told; an empty word is like no other.
 */
export function siteFingerprint({ templates, config, components, redaction, key }: SiteFacts): string {
  const redact = (text: string) => redactText(text, redaction).text;
  const { names, hosts, patterns } = redaction.source;
  const isPrivate = [...names, ...hosts, ...patterns].length > 0;
  if (isPrivate && key === undefined) return '';
  const identity = JSON.stringify({
    templates,
    // Dates and folding of letters are those of this machine's tables.
    tables: [process.versions['icu'], process.versions['unicode']],
    page: publicPage(config, redact),
    names: components.map(({ id, name }) => [id, redact(name)]).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    dictionary:
      key !== undefined && isPrivate ? createHmac('sha256', key).update(redaction.fingerprint).digest('hex') : '',
  });
  return createHash('sha256').update(identity).digest('hex');
}
