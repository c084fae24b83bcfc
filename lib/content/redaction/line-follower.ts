import type { Position } from '../../schema/problem.ts';

/** The places of offsets in a text, asked for in order: the text is walked through once. */
export function lineFollower(text: string): (offset: number) => Position {
  let line = 1;
  let lineStart = 0;
  let next = text.indexOf('\n');
  return (offset) => {
    for (; next !== -1 && next < offset; next = text.indexOf('\n', lineStart)) {
      line += 1;
      lineStart = next + 1;
    }
    return { line, column: offset - lineStart + 1 };
  };
}
