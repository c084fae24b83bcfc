import type { RedactionKind, RedactionRules } from '../policy/redaction.ts';
import { exceedsMarkdownLimits } from './markdown-limits.ts';
import { mayHoldSensitive } from './redaction/first-look.ts';
import { lineFollower } from './redaction/line-follower.ts';
import { outlineMarkdown } from './redaction/markdown-outline.ts';
import { type Outline, type SourcePiece, theSource } from './redaction/outline.ts';
import { findInReading } from './redaction/reading.ts';
import { applyEdits, type Edit, type PlacedMarker, readCharacters, strongestEscape } from './redaction/source-edit.ts';
import { editsFor, type Find } from './redaction/source-edits-for.ts';

/** What was found and where it begins; never the text itself. Line and column count from 1. */
export interface Finding {
  readonly kind: RedactionKind;
  readonly line: number;
  readonly column: number;
}

/** Markdown with the marker in place of what must not be published; nothing else of the source changes. */
export function redactMarkdown(source: string, rules: RedactionRules): { text: string; findings: readonly Finding[] } {
  const first = survey(source, rules);
  if (first === undefined) return { text: source, findings: [] };
  let text = source;
  let current: Survey | undefined = first;
  for (let round = 0; current !== undefined && round < mostRounds; round += 1) {
    text = rewritten(text, current);
    current = survey(text, rules);
  }
  return { text: current === undefined ? text : '', findings: positions(source, first.finds) };
}

/** What `redactMarkdown` would replace; quick on Markdown that holds nothing. */
export function findInMarkdown(source: string, rules: RedactionRules): Finding[] {
  const found = survey(source, rules);
  return found === undefined ? [] : positions(source, found.finds);
}

/** A removal can bring together what had been apart; so it goes on until nothing is found, and gives up on what resists. */
const mostRounds = 12;

interface Survey {
  readonly outline: Outline;
  readonly finds: readonly Find[];
}

/** What is to be redacted, or `undefined` for nothing. */
function survey(source: string, rules: RedactionRules): Survey | undefined {
  if (!mayHoldSensitive(source, rules)) return undefined;
  const outline = read(source);
  const finds = outline.readings.flatMap((reading) =>
    findInReading(reading.pieces, rules).map((located) => ({ reading, ...located })),
  );
  return finds.length === 0 ? undefined : { outline, finds };
}

/** Beyond the limits a text is shown as it was typed, so it is read as it was typed. */
function read(source: string): Outline {
  if (!exceedsMarkdownLimits(source)) return outlineMarkdown(source);
  const piece: SourcePiece = { text: source, holder: theSource, start: 0, end: source.length, isExact: true };
  return { readings: [{ pieces: [piece], role: 'prose' }], constructs: [] };
}

/** The source with every find replaced. Each marker is escaped as far as it must be to stay plain text where it stands. */
function rewritten(source: string, { outline, finds }: Survey): string {
  let edits: Edit[] = editsFor(source, outline, finds);
  for (let strength = 1; strength <= strongestEscape; strength += 1) {
    const { text, markers } = applyEdits(source, edits);
    if (!markers.some(({ edit }) => edit.isLive)) return text;
    const isRead = readCharacters(read(text), text.length);
    const isInert = ({ start, end }: PlacedMarker) => isRead[start] === 1 && isRead[end - 1] === 1;
    const live = new Set(markers.filter((marker) => marker.edit.isLive && !isInert(marker)).map(({ edit }) => edit));
    if (live.size === 0) return text;
    edits = edits.map((edit) => (live.has(edit) ? { ...edit, escape: Math.max(strength, edit.escape + 1) } : edit));
  }
  return applyEdits(source, edits).text;
}

function positions(source: string, finds: readonly Find[]): Finding[] {
  const sorted = [...finds].sort((a, b) => a.stretches[0].start - b.stretches[0].start);
  const findings: Finding[] = [];
  const placeOf = lineFollower(source);
  let end = -1;
  for (const { kind, stretches } of sorted) {
    const last = stretches.at(-1)?.end ?? 0;
    if (stretches[0].start >= end) findings.push({ kind, ...placeOf(stretches[0].start) });
    end = Math.max(end, last);
  }
  return findings;
}
