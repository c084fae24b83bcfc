import { redactionMarker } from './constants.ts';

/**
 * Whether `after` is `before`, or a redaction of it: what the redaction makes of it, or the same text with parts of it
 * replaced by the marker.
 */
export function isRedactionOf(after: string, before: string, redact: (text: string) => string): boolean {
  if (after === before) return true;
  return hasPartsReplaced(after, before) || after === redact(before);
}

/** The marker as it may be written in Markdown: plain, or with backslashes before its brackets. */
const inner = redactionMarker.slice(1, -1);
const marker = new RegExp(`\\\\?\\[${inner}\\\\?\\]`, 'g');

function hasPartsReplaced(after: string, before: string): boolean {
  const kept = after.split(marker);
  const [first = '', ...others] = kept;
  const last = others.pop();
  if (last === undefined || !before.startsWith(first)) return false;
  let from = first.length;
  for (const part of others) {
    const found = before.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return before.length - last.length >= from && before.endsWith(last);
}
