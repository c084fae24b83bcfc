import type { Incident } from '../schema/incident.ts';
import type { SourceFile } from './content.ts';
import { readIncidentFile } from './incident-file.ts';
import { mayBeOpen } from './resolved-mark.ts';

/**
 * The incidents whose front matter does not say that they are over, drafts among them, in the order of the files: what
 * reading every file and keeping the open ones comes to, without reading the others.
 */
export function openIncidents(files: readonly SourceFile[]): Incident[] {
  return files
    .filter(mayBeOpen)
    .flatMap((file) => readIncidentFile(file).incident ?? [])
    .filter(({ state }) => state !== 'resolved');
}
