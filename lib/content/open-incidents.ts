import type { Incident } from '../schema/incident.ts';
import type { SourceFile } from './content.ts';
import { readIncidentFile } from './incident-file.ts';
import { mayBeOpen } from './resolved-mark.ts';

/** The incidents that are not over, drafts among them: what parsing every file and keeping the open ones comes to, at a fraction of the cost. */
export function openIncidents(files: readonly SourceFile[]): Incident[] {
  return files
    .filter(mayBeOpen)
    .flatMap((file) => readIncidentFile(file).incident ?? [])
    .filter(({ state }) => state !== 'resolved');
}
