import type { SourceFile } from './content.ts';
import { mayBeOpen } from './resolved-mark.ts';

/**
 * Whether a file is an incident's that is not over, or may have ended after `since`. Only its bytes are looked at: an
 * instant begins with its date, whatever zone it is in, so a file in which every date lies well before ended before.
 */
export function mayReach(file: SourceFile, since: Date): boolean {
  if (mayBeOpen(file)) return true;
  if (!file.path.startsWith('incidents/')) return false;
  const earliest = new Date(since.getTime() - zonesMs).toISOString().slice(0, 10);
  const text = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength).toString('latin1');
  // YAML can spell a date with escapes; such a file is read.
  return text.includes('\\') || (text.match(/\d{4}-\d{2}-\d{2}/g) ?? []).some((date) => date >= earliest);
}

/** The largest distance of a zone from UTC, and a day more. */
const zonesMs = 48 * 60 * 60 * 1000;
