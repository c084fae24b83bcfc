import type { Match } from './match.ts';
import { vendorPatterns } from './vendor-table.ts';

/** Identifiers and keys that vendors hand out, by the table of vendors. */
export function findVendorIds(text: string): Match[] {
  const found: Match[] = [];
  for (const { hint, pattern } of compiled) {
    if (!hint.test(text)) continue;
    for (const { 0: id, index } of text.matchAll(pattern)) {
      found.push({ start: index, end: index + id.length, kind: 'vendor_id' });
    }
  }
  return found;
}

/** A pattern of the table between characters that cannot belong to an identifier. */
export function vendorRegExp(pattern: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9_])(?:${pattern})(?![A-Za-z0-9_])`, 'g');
}

const compiled = vendorPatterns.map(({ hint, pattern }) => ({
  hint: new RegExp(hint),
  pattern: vendorRegExp(pattern),
}));
