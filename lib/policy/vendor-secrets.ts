import { vendorRegExp } from './redaction/vendor-id.ts';
import { vendorPatterns } from './redaction/vendor-table.ts';

/** Whether a text holds a key or a token of a vendor, by the table of what is redacted; mere ids are none. */
export function holdsVendorSecret(text: string): boolean {
  return secrets.some(({ hint, pattern }) => hint.test(text) && text.search(pattern) !== -1);
}

const secrets = vendorPatterns
  .filter(({ what }) => /\b(?:keys?|secret|tokens?|webhook)\b/i.test(what))
  .map(({ hint, pattern }) => ({ hint: new RegExp(hint), pattern: vendorRegExp(pattern) }));
