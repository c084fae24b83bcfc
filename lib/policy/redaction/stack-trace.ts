import type { Match } from './match.ts';
import { frameShapes } from './stack-frame-table.ts';
import { attachedFrameShapes, likelyFrameShapes } from './stack-line-table.ts';

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
  return frameWords.some((word) => text.includes(word)) || frameHints.some((hint) => hint.test(text));
}

/** Something that every shape of the table has at its beginning, or somewhere in it; apart they are quicker. Each looks at a sign of a run once. */
const frameHints = [
  /(?:^|[\n|])[ \t>*+\-#\d.)]*(?:\\t)?(?:at[ \t]|from |Line \d|called from|Error (?:thrown|initially)|Statement on|File "|Traceback|Caused by|Suppressed|Exception in|ORA-|thrown in|PHP |Stack trace|created by|goroutine|thread '|\(\w+ \d|\.\.\. \d|--- End|=====|<async|\[native|Exception Group|During handling|The above exc|Cell In|Input In|In \[|-> \d|<ipython|⋮|━━━)/,
  /@|\.\w{1,8}(?::| line )[\d*]|:\d+:in |\+0x|#\d+ |::|\.\w{1,8}\(\d|\.dart|\d:\d+[ \t]{2}|0x[0-9a-f]/,
  /(?:package|dart|data):\S/,
  /\d:\s+(?:_*(?:rust|libc|pthread|rg_|start|main|clone)|<unknown)/,
];
/** Literal ones, which cost least. */
const frameWords = ['()', '(...)', 'Previous line rep', 'Thread.State'];

interface Line {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** How far in it stands. */
  readonly indent: number;
  rank: 'frame' | 'likely' | 'blank' | 'prose';
}

function classified(text: string): Line[] {
  const lines: Line[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    const indent = line.length - line.trimStart().length;
    const start = offset + indent;
    lines.push({ start, end: start + trimmed.length, text: trimmed, indent, rank: rankOf(trimmed) });
    offset += line.length + 1;
  }
  for (const [index, line] of lines.entries()) attach(line, index, lines);
  return lines;
}

/** Rank a line once more by those around it; those above have their rank. */
function attach(line: Line, index: number, lines: readonly Line[]): void {
  const above = lines[index - 1];
  if (line.rank === 'frame' || line.rank === 'blank' || above?.rank !== 'frame') return;
  const shown = line.text.slice(0, longestFrame);
  if (isQuotedSource(line, index, lines) || attachedFrameShapes.some(({ pattern }) => pattern.test(shown)))
    line.rank = 'frame';
}

/** Whether a frame is followed here by the source it stands at: further in, or by its looks where indents are lost. */
function isQuotedSource({ text, indent }: Line, index: number, lines: readonly Line[]): boolean {
  const below = lines[index + 1];
  if (carets.test(text) || (below !== undefined && carets.test(below.text))) return true;
  const opener = lines.slice(Math.max(0, index - mostQuoted), index).findLast((line) => quotesSource.test(line.text));
  if (opener === undefined) return false;
  if (opener.indent > 0 || indent > 0) return indent > opener.indent;
  if (lines[index - 1] !== opener || looksLikeError.test(text)) return false;
  return below?.rank === 'frame' || looksLikeError.test(below?.text ?? '') || looksLikeSource.test(text);
}

const mostQuoted = 12;
/** Frames that are followed by the line of source they stand at. */
const quotesSource = /^[|+ ]{0,40}(?:File "|Line \d+ of |called from line |Error thrown at line )/;
const carets = /^[|\s]{0,40}[~^][\s~^]*$/;
const looksLikeSource =
  /[\w\])]\(|[)\]}]{2}[,:]?$|^[\w.]{1,100}(?:\[[^\]]{0,100}\])? ?[-+*/]?= ?\S|^(?:return|raise|yield|await|assert|import|del)\b/;
const looksLikeError = /^\w[\w.]*(?:Error|Exception|Exit|Interrupt|Warning|Iteration)\b/;
const longestFrame = 2000;

function rankOf(line: string): Line['rank'] {
  if (line === '') return 'blank';
  const shown = line.length > longestFrame ? line.slice(0, longestFrame) : line;
  if (frameShapes.some(({ pattern }) => pattern.test(shown))) return 'frame';
  return likelyFrameShapes.some(({ pattern }) => pattern.test(shown)) ? 'likely' : 'prose';
}
