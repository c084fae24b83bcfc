import type { Match } from './match.ts';
import { frameShapes, likelyFrameShapes } from './stack-frame-table.ts';

/** Stack traces: runs of lines that are frames or headings of a trace, each run as one match. */
export function findStackTraces(text: string): Match[] {
  const lines = classified(text);
  const found: Match[] = [];
  let run: Line[] = [];
  const close = () => {
    while (run.at(-1)?.rank === 'blank' || run.at(-1)?.rank === 'likely') run.pop();
    const first = run.find((line) => line.rank !== 'blank');
    const last = run.at(-1);
    if (first !== undefined && last !== undefined && run.some((line) => line.rank === 'frame')) {
      found.push({ start: first.start, end: last.end, kind: 'stack_trace' });
    }
    run = [];
  };
  for (const line of lines) {
    if (line.rank === 'prose' || (line.rank === 'blank' && run.at(-1)?.rank === 'blank')) close();
    else run.push(line);
  }
  close();
  return found;
}

/** Whether a text can hold a frame at all; says yes too often, never too rarely. */
export function mayHoldStackTrace(text: string): boolean {
  return frameHints.some((hint) => hint.test(text));
}

/** Something that every shape of the table has at its beginning, or somewhere in it; apart they are quicker. */
const frameHints = [
  /(?:^|[\n|])[ \t>|*+\-#\d.)]*(?:\\t)?(?:at[ \t]|from |Line \d|called from|Error (?:thrown|initially)|Statement on|File "|Traceback|Caused by|Suppressed|Exception in|ORA-|thrown in|PHP |Stack trace|created by|goroutine|thread '|\(\w+ \d|\.\.\. \d|--- End|=====|<async|\[native)/,
  /@|\.\w{1,8}(?::| line )[\d*]|:\d+:in |\+0x|#\d+ |::|\.\w{1,8}\(\d|\.dart|\d:\d+[ \t]{2}|0x[0-9a-f]/,
  /(?:package|dart|data):\S/,
];

interface Line {
  readonly start: number;
  readonly end: number;
  readonly rank: 'frame' | 'likely' | 'blank' | 'prose';
}

function classified(text: string): Line[] {
  const lines: Line[] = [];
  let offset = 0;
  let openIndent: number | undefined;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    const start = offset + (line.length - line.trimStart().length);
    const indent = start - offset;
    const isQuotedSource = openIndent !== undefined && trimmed !== '' && indent > openIndent;
    const rank = isQuotedSource ? 'frame' : rankOf(trimmed);
    openIndent = isQuotedSource ? openIndent : quotesSource.test(trimmed) ? indent : undefined;
    lines.push({ start, end: start + trimmed.length, rank });
    offset += line.length + 1;
  }
  return lines;
}

/** Frames that are followed by the line of source they stand at, further in. */
const quotesSource = /^(?:File "|Line \d+ of |called from line |Error thrown at line )/;
const longestFrame = 2000;

function rankOf(line: string): Line['rank'] {
  if (line === '') return 'blank';
  const shown = line.length > longestFrame ? line.slice(0, longestFrame) : line;
  if (frameShapes.some(({ pattern }) => pattern.test(shown))) return 'frame';
  return likelyFrameShapes.some(({ pattern }) => pattern.test(shown)) ? 'likely' : 'prose';
}
