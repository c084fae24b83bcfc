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
  /** Secret and random; needed where the page redacts words of its own. */
  readonly key: string | undefined;
}

/**
 * One word for all of it, fit to be published: whoever guesses at names, hosts and patterns that are redacted cannot see from it
 * whether the guess was right.
 */
export function siteFingerprint({ templates, config, components, redaction, key }: SiteFacts): string {
  const redact = (text: string) => redactText(text, redaction).text;
  const identity = JSON.stringify({
    templates,
    // Dates and folding of letters are those of this machine's tables.
    tables: [process.versions['icu'], process.versions['unicode']],
    page: publicPage(config, redact),
    names: components.map(({ id, name }) => [id, redact(name)]).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    words: hasOwnWords(redaction) ? keyedHash(redaction.fingerprint, key) : '',
  });
  return createHash('sha256').update(identity).digest('hex');
}

/** Whether the page redacts more than the built-in dictionary finds. */
export function hasOwnWords({ source: { names, hosts, patterns } }: RedactionRules): boolean {
  return names.length + hosts.length + patterns.length > 0;
}

function keyedHash(text: string, key: string | undefined): string {
  if (key === undefined) throw new Error('The words that a page redacts are told to nobody without a key.');
  return createHmac('sha256', key).update(text).digest('hex');
}
