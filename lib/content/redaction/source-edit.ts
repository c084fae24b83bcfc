import { redactionMarker } from '../../policy/constants.ts';
import type { Outline } from './outline.ts';

/** A change to a source: a stretch goes, and a marker or nothing comes in its place. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly hasMarker: boolean;
  /** What stands before and after the marker: signs that belong to something outside of the stretch. */
  readonly before: string;
  readonly after: string;
  /** Whether Markdown is live where the marker will stand. */
  readonly isLive: boolean;
  /** How far the marker is escaped, from 0. */
  readonly escape: number;
}

/** The marker in its ways to be written, the plainest first. */
const spellings = [redactionMarker, `\\${redactionMarker}`, redactionMarker.replace(/[[\]]/g, '\\$&')] as const;

/** The last way to escape a marker. */
export const strongestEscape = spellings.length;

/** A marker in the changed source. */
export interface PlacedMarker {
  readonly edit: Edit;
  readonly start: number;
  readonly end: number;
}

/** Change a source. Edits are in order and do not overlap. */
export function applyEdits(source: string, edits: readonly Edit[]): { text: string; markers: PlacedMarker[] } {
  const markers: PlacedMarker[] = [];
  let text = '';
  let offset = 0;
  for (const edit of edits) {
    text += source.slice(offset, edit.start) + edit.before;
    offset = edit.end;
    if (edit.hasMarker) {
      const marker = spellings[edit.escape] ?? redactionMarker;
      markers.push({ edit, start: text.length, end: text.length + marker.length });
      text += marker;
    }
    text += edit.after;
  }
  return { text: text + source.slice(offset), markers };
}

/** Which characters of a source are read as they stand, code and raw HTML included: 1 for those that are. */
export function readCharacters({ readings }: Outline, length: number): Uint8Array {
  const read = new Uint8Array(length);
  for (const { role, pieces } of readings) {
    if (role === 'destination' || role === 'label') continue;
    for (const { start, end } of pieces) read.fill(1, start, end);
  }
  return read;
}
